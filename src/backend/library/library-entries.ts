import path from 'node:path'
import { shardName, shardPaths } from '#backend/library/header/shards.ts'
import { statOrNull, type ListedFile } from '#backend/library/list-models.ts'
import type { LibraryPlace } from '#contract/library.ts'

/** A model on disk before its header is read; a sharded one is one. */
export interface LibraryEntry {
  /** Of the first shard that is there. */
  readonly path: string
  readonly place: LibraryPlace
  readonly listedName: string | null
  readonly fileBytes: number
  readonly shards: number
  readonly modifiedMs: number
}

/** Files asked for their size at once. */
const AT_ONCE = 64

/**
 * What was listed, with sizes: shards of one model together, and each real file once, whichever name or link leads to it
 * (`seen` holds those of earlier folders).
 */
export async function libraryEntries(
  files: readonly ListedFile[],
  place: LibraryPlace,
  seen: Set<string>,
): Promise<readonly LibraryEntry[]> {
  const entries: LibraryEntry[] = []
  const sets = [...shardSets(files)]
  for (let at = 0; at < sets.length; at += AT_ONCE) {
    const sized = await Promise.all(sets.slice(at, at + AT_ONCE).map((set) => sizedSet(set, place)))
    for (const one of sized) {
      if (one === null || seen.has(one.identity)) continue
      seen.add(one.identity)
      entries.push(one.entry)
    }
  }
  return entries
}

/** Files by the model they are part of, in the order of their names. */
function shardSets(files: readonly ListedFile[]): Iterable<readonly ListedFile[]> {
  const sets = new Map<string, ListedFile[]>()
  for (const file of files.toSorted((left, right) => (left.path < right.path ? -1 : 1))) {
    const key = shardName(file.path) === null ? file.path : (shardPaths(file.path)[0] ?? file.path)
    const set = sets.get(key)
    if (set === undefined) sets.set(key, [file])
    else set.push(file)
  }
  return sets.values()
}

async function sizedSet(
  set: readonly ListedFile[],
  place: LibraryPlace,
): Promise<{ readonly identity: string; readonly entry: LibraryEntry } | null> {
  const [first] = set
  const found = await Promise.all(set.map(({ path: file }) => statOrNull(file)))
  const stats = found.filter((one) => one !== null && one.isFile())
  const [firstStats] = stats
  if (first === undefined || firstStats === null || firstStats === undefined) return null
  return {
    // Windows tells no inode on some file systems; the path then has to do.
    identity: firstStats.ino === 0 ? path.resolve(first.path) : `${firstStats.dev}:${firstStats.ino}`,
    entry: {
      path: first.path,
      place,
      listedName: first.name,
      fileBytes: stats.reduce((sum, one) => sum + (one?.size ?? 0), 0),
      shards: shardName(first.path)?.count ?? 1,
      modifiedMs: Math.max(...stats.map((one) => one?.mtimeMs ?? 0)),
    },
  }
}
