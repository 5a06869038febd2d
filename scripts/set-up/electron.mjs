import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { node24, root } from './paths.mjs'
import { run } from './run.mjs'

const electronFolder = join(root, 'node_modules', 'electron')

/** Path of Electron's binary when it has been downloaded, else null. `ELECTRON_OVERRIDE_DIST_PATH` is Electron's own setting. */
export function electronBinary() {
  const pathFile = join(electronFolder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electronFolder, 'dist')
  const binary = join(folder, readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : null
}

function hasDisplay() {
  if (process.platform !== 'linux') return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** Why no desktop window can be opened here, in a few words; null when it can. Downloads the binary if need be. */
export async function ensureDesktop() {
  if (!hasDisplay()) return { binary: null, reason: 'this machine has no display' }
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return { binary: null, reason: 'Electron keeps its sandbox and does not run as root' }
  }
  if (!electronBinary()) {
    console.error('Fetching the Electron binary (once, about 100 MB) …')
    await run(node24, [join(electronFolder, 'install.js')], { capture: true, timeoutMilliseconds: 300_000 })
  }
  const binary = electronBinary()
  return binary
    ? { binary, reason: null }
    : { binary: null, reason: "Electron's binary could not be downloaded" }
}
