import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Folder of Inhouse's own package.json, found by walking up from a module: the same from source, from `out/main` and
 * its chunks, from an installed package and inside an Electron archive (whose `node:fs` reads into it).
 */
export function packageRoot(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (isInhousePackage(path.join(folder, 'package.json'))) return folder
    if (folder === path.dirname(folder)) throw new Error(`No package.json of Inhouse above ${from}`)
  }
}

function isInhousePackage(file: string): boolean {
  return existsSync(file) && packageFile(file).name === 'inhouse'
}

/** Name and version of the package whose package.json this is. */
export function packageFile(file: string): { readonly name?: string; readonly version?: string } {
  return JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }
}
