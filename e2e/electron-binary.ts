import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

const PACKAGE = path.resolve(import.meta.dirname, '../node_modules/electron')

/** Electron's binary, or why there is none. Importing the package instead would start to download it. */
export function electronBinary():
  | { readonly kind: 'found'; readonly file: string }
  | { readonly kind: 'missing'; readonly reason: string } {
  const named = process.env['INHOUSE_ELECTRON']
  if (named !== undefined && named !== '') return { kind: 'found', file: named }
  const pathFile = path.join(PACKAGE, 'path.txt')
  if (!existsSync(pathFile)) return { kind: 'missing', reason: "Electron's binary is not installed here" }
  const file = path.join(PACKAGE, 'dist', readFileSync(pathFile, 'utf8').trim())
  if (!existsSync(file)) return { kind: 'missing', reason: `Electron's binary is missing: ${file}` }
  return { kind: 'found', file }
}

/** Why no window can open here though the binary exists; null where one can. */
export function noWindowBecause(): string | null {
  if (process.platform !== 'linux') return null
  const displays = [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']]
  if (displays.every((name) => name === undefined || name === ''))
    return 'a window needs a display, and there is none here'
  return process.getuid?.() === 0 ? 'Electron keeps its sandbox and does not run as root' : null
}
