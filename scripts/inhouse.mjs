// `npm run -s inhouse -- <command>`: the CLI from a checkout; set-up is silent when there is nothing to do.
import { join } from 'node:path'
import { ensureBuilt } from './set-up/build.mjs'
import { ensureInstalled } from './set-up/install.mjs'
import { node24, root } from './set-up/paths.mjs'
import { start } from './set-up/run.mjs'

await ensureInstalled()
await ensureBuilt()
// The terminal's Ctrl+C reaches the CLI itself, which decides what to do with it.
process.on('SIGINT', () => {})
const child = start(node24, [join(root, 'out', 'main', 'cli.js'), ...process.argv.slice(2)])
child.on('close', (code, signal) => (process.exitCode = code ?? (signal ? 130 : 1)))
