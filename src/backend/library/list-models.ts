import type { Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { listOllamaModels } from '#backend/library/list-ollama-models.ts'
import type { ModelFolder } from '#backend/library/places.ts'

/** A file that is a model by its name. */
export interface ListedFile {
  readonly path: string
  /** As its program calls it; null: by the file's name. */
  readonly name: string | null
}

/** What lies in a folder, and what of it could not be looked into. */
export interface ListedFolder {
  readonly files: readonly ListedFile[]
  readonly exists: boolean
  /** One sentence for people; null where all could be seen. */
  readonly problem: string | null
}

/** Programs nest three deep (publisher, model, quantization), the Hugging Face cache five. */
const MAX_DEPTH = 8
/** A folder named by mistake may be a whole disk. */
const MAX_FILES = 10_000
const MAX_ENTRIES = 200_000

/** Lists the models of a folder: names only, no file is opened. */
export async function listModels(
  { layout, path: folder }: ModelFolder,
  signal: AbortSignal | undefined,
): Promise<ListedFolder> {
  try {
    const found = await stat(folder)
    if (!found.isDirectory()) return { files: [], exists: true, problem: 'It is not a folder.' }
  } catch (error) {
    return isMissing(error)
      ? { files: [], exists: false, problem: 'It does not exist.' }
      : { files: [], exists: true, problem: `It cannot be read (${codeOf(error)}).` }
  }
  return layout === 'ollama' ? listOllamaModels(folder) : walk(folder, signal)
}

interface Walk {
  readonly files: ListedFile[]
  /** Real paths of folders seen: links may lead in circles. */
  readonly seen: Set<string>
  readonly unreadable: string[]
  entries: number
}

async function walk(folder: string, signal: AbortSignal | undefined): Promise<ListedFolder> {
  const progress: Walk = { files: [], seen: new Set(), unreadable: [], entries: 0 }
  await walkFolder({ folder, depth: 0, walk: progress, signal })
  const { files, unreadable } = progress
  return { files, exists: true, problem: problemOf(progress, unreadable[0] === folder) }
}

function problemOf({ entries, files, unreadable }: Walk, isRootUnreadable: boolean): string | null {
  if (isRootUnreadable) return 'It cannot be read: permission is denied.'
  if (files.length >= MAX_FILES || entries >= MAX_ENTRIES)
    return 'It holds so much that not all of it was looked into: name a folder further down.'
  if (unreadable.length === 0) return null
  return `${unreadable.length === 1 ? 'A folder' : `${unreadable.length} folders`} in it cannot be read.`
}

interface FolderToWalk {
  readonly folder: string
  readonly depth: number
  readonly walk: Walk
  readonly signal: AbortSignal | undefined
}

async function walkFolder({ folder, depth, walk, signal }: FolderToWalk): Promise<void> {
  signal?.throwIfAborted()
  const real = await realpath(folder).catch(() => folder)
  if (walk.seen.has(real)) return
  walk.seen.add(real)
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => null)
  if (entries === null) {
    walk.unreadable.push(folder)
    return
  }
  const folders: string[] = []
  for (const entry of entries) {
    walk.entries += 1
    if (walk.files.length >= MAX_FILES || walk.entries >= MAX_ENTRIES) return
    const place = path.join(folder, entry.name)
    const kind = entry.isSymbolicLink() ? await stat(place).catch(() => null) : entry
    if (kind === null) continue
    if (kind.isDirectory()) folders.push(place)
    else if (kind.isFile() && /\.gguf$/i.test(entry.name)) walk.files.push({ path: place, name: null })
  }
  if (depth >= MAX_DEPTH) return
  for (const next of folders) await walkFolder({ folder: next, depth: depth + 1, walk, signal })
}

/** `stat`, or null where the file is gone or out of reach meanwhile. */
export async function statOrNull(file: string): Promise<Stats | null> {
  return stat(file).catch(() => null)
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR'
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
