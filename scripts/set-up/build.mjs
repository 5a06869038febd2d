import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { node24, root } from './paths.mjs'
import { run } from './run.mjs'

const stampFile = join(root, 'out', '.inhouse-built')
const inputs = [
  'src',
  'data',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'postcss.config.mjs',
]

/** Path, size and time of every input: cheap to take on each start, and any edit changes it. */
function inputsSignature() {
  const lines = []
  const visit = (path) => {
    const full = join(root, path)
    if (!existsSync(full)) return
    const stat = statSync(full)
    if (stat.isDirectory()) {
      for (const name of readdirSync(full).sort()) visit(join(path, name))
    } else if (!/\.test\.tsx?$/.test(path) && !path.endsWith('.tsbuildinfo')) {
      lines.push(`${path} ${stat.size} ${Math.floor(stat.mtimeMs)}`)
    }
  }
  for (const input of inputs) visit(input)
  return lines.join('\n')
}

/** Builds all hosts into `out/` when an input changed since the last build. Ends the process when the build fails. */
export async function ensureBuilt() {
  const signature = inputsSignature()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === signature) return
  console.error('Building …')
  for (const commandArguments of [
    [join('scripts', 'check-layers.ts')],
    [join('scripts', 'check-data.ts')],
    [join('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'],
  ]) {
    const { code, output } = await run(node24, commandArguments, { capture: true })
    if (code !== 0) {
      console.error(output)
      console.error('The build failed; its messages stand above.')
      process.exit(1)
    }
  }
  writeFileSync(stampFile, signature)
}
