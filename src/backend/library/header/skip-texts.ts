import { HISTORY_BYTES, type ForwardReader } from '#backend/library/header/forward-reader.ts'

/** A list of words that was walked through once. */
interface KnownList {
  readonly bytes: number
  /** How it ends. */
  readonly tail: string
}

/**
 * Vocabularies met since the start, by their key, length and first words. Models come in families that share one, in all
 * quantizations: a thousand files have some dozen. Each is walked through once and jumped over afterwards, which spares most
 * of the reading (3 of 3.2 MB a file, on real ones with merges 8). A jump must land behind the very words the list is known
 * to end with, or the list is walked through after all.
 */
const knownLists = new Map<string, KnownList>()
const MAX_KNOWN_LISTS = 200
/** Shorter ones are walked through as quickly. */
const LEAST_BYTES = 64 * 1024
const HEAD_BYTES = 2048

export interface ListToSkip {
  readonly key: string
  readonly count: number
  /** Called now and then with the place reached, to stop what grows beyond reason. */
  readonly assertInReason: (position: number) => void
}

/** Steps over a list of strings; only their lengths are looked at. */
export async function skipTexts(reader: ForwardReader, list: ListToSkip): Promise<void> {
  const start = reader.position
  await reader.ensureUpTo(HEAD_BYTES)
  const identity = `${list.key} ${list.count} ${reader.peek(HEAD_BYTES, 'latin1')}`
  const known = knownLists.get(identity)
  if (known !== undefined) {
    if (await jumpOver(reader, known)) return
    reader.jumpTo(start)
  }
  await walk(reader, list)
  const bytes = reader.position - start
  if (bytes < LEAST_BYTES) return
  if (knownLists.size >= MAX_KNOWN_LISTS) knownLists.clear()
  knownLists.set(identity, { bytes, tail: reader.history() })
}

async function jumpOver(reader: ForwardReader, { bytes, tail }: KnownList): Promise<boolean> {
  if (bytes > reader.remainingBytes) return false
  reader.jumpTo(reader.position + bytes - HISTORY_BYTES)
  await reader.ensure(HISTORY_BYTES)
  return reader.text(HISTORY_BYTES, 'latin1') === tail
}

async function walk(reader: ForwardReader, { assertInReason, count }: ListToSkip): Promise<void> {
  let left = count
  while (left > 0) {
    assertInReason(reader.position)
    left -= reader.skipBufferedStrings(left)
    if (left === 0) return
    // The next one lies only in part, or not at all, in what has been read.
    await reader.ensure(8)
    if (reader.skipBufferedStrings(1) === 1) left -= 1
    else {
      reader.skip(reader.uint64())
      left -= 1
    }
  }
}
