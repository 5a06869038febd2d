import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { readJsonFile } from '#backend/store/json-file.ts'
import { packageFile } from '#backend/store/package-root.ts'

/** Versions of the native engine; null where it is not installed, which only costs what needs it. */
export interface EngineVersions {
  readonly nodeLlamaCppVersion: string | null
  /** llama.cpp's release of the bundled binaries. */
  readonly llamaCppRelease: string | null
}

/** Reads the versions from the installed package's own files; loading the package itself would take half a second. */
export async function readEngineVersions(): Promise<EngineVersions> {
  const folder = engineFolder()
  if (folder === null) return { nodeLlamaCppVersion: null, llamaCppRelease: null }
  const release = await readJsonFile(path.join(folder, 'llama', 'binariesGithubRelease.json'))
  return {
    nodeLlamaCppVersion: packageFile(path.join(folder, 'package.json')).version ?? null,
    llamaCppRelease: isRelease(release) ? release.release : null,
  }
}

function engineFolder(): string | null {
  const lookIn = createRequire(import.meta.url).resolve.paths('node-llama-cpp') ?? []
  return lookIn.map((folder) => path.join(folder, 'node-llama-cpp')).find(hasPackage) ?? null
}

function hasPackage(folder: string): boolean {
  return existsSync(path.join(folder, 'package.json'))
}

function isRelease(value: unknown): value is { readonly release: string } {
  return (
    typeof value === 'object' && value !== null && 'release' in value && typeof value.release === 'string'
  )
}
