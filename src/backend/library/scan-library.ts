import path from 'node:path'
import { openHeaderCache, type HeaderCache } from '#backend/library/header-cache.ts'
import { libraryEntries, type LibraryEntry } from '#backend/library/library-entries.ts'
import { libraryFile } from '#backend/library/library-file.ts'
import { listModels, type ListedFolder } from '#backend/library/list-models.ts'
import type { ModelFolder } from '#backend/library/places.ts'
import { readModelHeader } from '#backend/library/read-model-header.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { Library, LibraryFile, LibraryFolder, LibraryUpdate } from '#contract/library.ts'
import type { Model } from '#core/model/model.ts'

/** What to look through. */
export interface LibraryToScan {
  readonly folders: readonly ModelFolder[]
  /** Single files the user pointed at. */
  readonly references: readonly string[]
  readonly ownFolder: string
  /** Where headers are kept between scans. */
  readonly userFolder: string
  readonly models: Promise<readonly Model[]>
  readonly signal: AbortSignal | undefined
}

/** Files opened at once: enough to keep the disk busy, few enough that the first answers come soon. */
const READ_AT_ONCE = 12

/** Looks through all places: names at once, then headers as they are read. */
export async function* scanLibrary(wish: LibraryToScan): AsyncGenerator<LibraryUpdate, Library> {
  const { ownFolder, signal, userFolder } = wish
  const [cache, models] = await Promise.all([openHeaderCache(userFolder), wish.models])
  const files = new Map<string, LibraryFile>()
  const unread: LibraryEntry[] = []
  const folders: LibraryFolder[] = []
  for await (const { entries, folder } of listPlaces(wish)) {
    if (folder !== null) folders.push(folder)
    const found = entries.map((entry) => {
      const header = cache.get(entry)
      if (header === null) unread.push(entry)
      return libraryFile(entry, header === null ? { state: 'listed' } : { state: 'read', header }, models)
    })
    for (const file of found) files.set(file.path, file)
    if (found.length > 0) yield update(found, files.size - unread.length, files.size)
  }
  for (let at = 0; at < unread.length; at += READ_AT_ONCE) {
    signal?.throwIfAborted()
    const entries = unread.slice(at, at + READ_AT_ONCE)
    const read = await Promise.all(entries.map((entry) => readEntry(entry, cache, models)))
    for (const file of read) files.set(file.path, file)
    yield update(read, files.size - unread.length + at + read.length, files.size)
  }
  await cache.save()
  return { files: [...files.values()], folders, ownFolder }
}

function update(files: readonly LibraryFile[], readCount: number, foundCount: number): LibraryUpdate {
  return { files, readCount, foundCount }
}

interface ListedPlace {
  readonly entries: readonly LibraryEntry[]
  /** Null for what is no folder: single files; and for other programs that are not here. */
  readonly folder: LibraryFolder | null
}

async function* listPlaces({
  folders,
  references,
  signal,
}: LibraryToScan): AsyncGenerator<ListedPlace, void> {
  const seen = new Set<string>()
  for (const folder of folders) {
    const listed = await listModels(folder, signal)
    const entries = await libraryEntries(listed.files, folder.place, seen)
    yield { entries, folder: told(folder, listed, entries.length) }
    if (folder.place !== 'inhouse') continue
    const single = references.map((file) => ({ path: file, name: null }))
    yield { entries: await libraryEntries(single, 'inhouse', seen), folder: null }
  }
}

/** Folders of ours and of other programs are only told where they are; the user's own in any case. */
function told(
  { path: folder, place }: ModelFolder,
  { exists, problem }: ListedFolder,
  fileCount: number,
): LibraryFolder | null {
  if (!exists && place !== 'folder') return null
  return { path: folder, place, fileCount, problem }
}

async function readEntry(
  entry: LibraryEntry,
  cache: HeaderCache,
  models: readonly Model[],
): Promise<LibraryFile> {
  try {
    const { header } = await readModelHeader(entry.path)
    cache.set(entry, header)
    return libraryFile(entry, { state: 'read', header }, models)
  } catch (error) {
    if (!(error instanceof InhouseError)) throw error
    return libraryFile(entry, { state: 'broken', problem: `${error.message} ${error.nextStep}` }, models)
  }
}

/** One file by its path, whether or not a place holds it. */
export async function readOneFile(
  file: string,
  { place, models }: { readonly place: LibraryFile['place']; readonly models: readonly Model[] },
): Promise<LibraryFile> {
  const { header, shards } = await readModelHeader(file)
  const listed = shards.map((shard) => ({ path: path.resolve(shard), name: null }))
  const [entry] = await libraryEntries(listed, place, new Set())
  if (entry === undefined) throw new Error(`${file} was just read`)
  return libraryFile(entry, { state: 'read', header }, models)
}
