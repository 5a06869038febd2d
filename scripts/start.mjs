// `npm start`: all set-up, then the desktop window, or the same app in the browser; the verdict in the terminal either way.
import { join } from 'node:path'
import { ensureBuilt } from './set-up/build.mjs'
import { ensureDesktop } from './set-up/electron.mjs'
import { ensureInstalled } from './set-up/install.mjs'
import { node24, root } from './set-up/paths.mjs'
import { endAll, run, start } from './set-up/run.mjs'

const cli = join(root, 'out', 'main', 'cli.js')
/** A window that ends with an error this early never opened (missing system library, no GPU process, …). */
const EARLY_EXIT_MILLISECONDS = 5000

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    endAll()
    process.exitCode = 0
  })
}

// npm passes no signal on: ended by one, it leaves this process to the system, and what was started must end too.
const parent = process.ppid
setInterval(() => {
  if (process.ppid === parent) return
  endAll()
  process.exit(0)
}, 1000).unref()

await ensureInstalled()
await ensureBuilt()
const { binary, reason } = await ensureDesktop()
if (reason) console.log(`No desktop window: ${reason}. The same app is served to your browser instead.\n`)
await run(node24, [cli, 'recommend', '--limit', '3'])
if (binary) openWindow(binary)
else serveInBrowser()

function openWindow(electron) {
  const startedAt = Date.now()
  start(electron, [root]).on('close', (code) => {
    if (code !== 0 && code !== null && Date.now() - startedAt < EARLY_EXIT_MILLISECONDS) {
      console.log(
        'The desktop window could not be opened; its messages stand above. Serving the app to your browser instead.',
      )
      serveInBrowser()
    } else {
      process.exitCode = code ?? 0
    }
  })
}

function serveInBrowser() {
  start(node24, [cli, 'ui']).on('close', (code) => (process.exitCode = code ?? 0))
}
