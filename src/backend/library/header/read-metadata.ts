import type { ForwardReader } from '#backend/library/header/forward-reader.ts'
import { HeaderFault } from '#backend/library/header/header-fault.ts'
import { skipTexts } from '#backend/library/header/skip-texts.ts'

/** A value of a header. Of a string at most its beginning, of a list of numbers its largest: one for the whole model. */
export type MetadataValue = string | number | boolean

/** What is kept of a header's keys and values, and the lengths of lists that are not. */
export interface Metadata {
  readonly values: ReadonlyMap<string, MetadataValue>
  readonly listLengths: ReadonlyMap<string, number>
}

/** The most any real header has, with much room above. */
const MAX_KEYS = 20_000
const MAX_LIST_ELEMENTS = 8_000_000
/** Largest real headers have some 20 MB: 260,000 words and their merges. */
const MAX_HEADER_BYTES = 256 * 1024 * 1024
/** `GGUF_MAX_KEY_LENGTH` of the format's description. */
const MAX_KEY_BYTES = 65_535
/** Longer ones are nobody's; what is kept is bounded. */
const MAX_KEPT_KEY_BYTES = 256
/** What anybody reads of a name, a license or an address. */
const MAX_TEXT_BYTES = 1000
/** Values of one key per layer: no model has more layers. */
const MAX_NUMBERS = 4096

/** `enum gguf_type`, gguf.h. */
const STRING = 8
const ARRAY = 9

interface NumberType {
  readonly bytes: number
  readonly read: (buffer: Buffer, at: number) => number
}

const NUMBER_TYPES: Readonly<Record<number, NumberType>> = {
  0: { bytes: 1, read: (buffer, at) => buffer.readUInt8(at) },
  1: { bytes: 1, read: (buffer, at) => buffer.readInt8(at) },
  2: { bytes: 2, read: (buffer, at) => buffer.readUInt16LE(at) },
  3: { bytes: 2, read: (buffer, at) => buffer.readInt16LE(at) },
  4: { bytes: 4, read: (buffer, at) => buffer.readUInt32LE(at) },
  5: { bytes: 4, read: (buffer, at) => buffer.readInt32LE(at) },
  6: { bytes: 4, read: (buffer, at) => buffer.readFloatLE(at) },
  7: { bytes: 1, read: (buffer, at) => buffer.readUInt8(at) },
  10: { bytes: 8, read: (buffer, at) => Number(buffer.readBigUInt64LE(at)) },
  11: { bytes: 8, read: (buffer, at) => Number(buffer.readBigInt64LE(at)) },
  12: { bytes: 8, read: (buffer, at) => buffer.readDoubleLE(at) },
}
const BOOLEAN = 7

/** Reads the keys and values of a header; words, merges and scores of the tokenizer are stepped over, not kept. */
export async function readMetadata(reader: ForwardReader, count: number): Promise<Metadata> {
  if (count > MAX_KEYS) throw new HeaderFault(`its header claims ${count} keys`)
  const values = new Map<string, MetadataValue>()
  const listLengths = new Map<string, number>()
  for (let index = 0; index < count; index += 1) {
    const key = await readKey(reader)
    await reader.ensure(4)
    const type = reader.uint32()
    if (type === ARRAY) await readList(reader, key, { values, listLengths })
    else {
      const value = type === STRING ? await readText(reader) : await readNumber(reader, type)
      if (key !== null) values.set(key, value)
    }
  }
  return { values, listLengths }
}

/** Null: longer than any that is looked for. */
async function readKey(reader: ForwardReader): Promise<string | null> {
  assertInReason(reader.position)
  await reader.ensure(8)
  const bytes = reader.uint64()
  if (bytes === 0 || bytes > MAX_KEY_BYTES)
    throw new HeaderFault('a key of its header has an impossible length')
  await reader.ensure(bytes)
  const key = reader.text(bytes, 'utf8')
  return bytes > MAX_KEPT_KEY_BYTES ? null : key
}

async function readText(reader: ForwardReader): Promise<string> {
  await reader.ensure(8)
  const bytes = reader.uint64()
  const kept = Math.min(bytes, MAX_TEXT_BYTES)
  await reader.ensure(kept)
  const text = reader.text(kept, 'utf8')
  reader.skip(bytes - kept)
  return text
}

async function readNumber(reader: ForwardReader, type: number): Promise<number | boolean> {
  const known = numberType(type)
  await reader.ensure(known.bytes)
  const value = reader.value(known.read, known.bytes)
  return type === BOOLEAN ? value !== 0 : value
}

async function readList(
  reader: ForwardReader,
  key: string | null,
  kept: { readonly values: Map<string, MetadataValue>; readonly listLengths: Map<string, number> },
): Promise<void> {
  await reader.ensure(12)
  const type = reader.uint32()
  const count = reader.uint64()
  if (count > MAX_LIST_ELEMENTS) throw new HeaderFault(`a list of its header claims ${count} elements`)
  if (key !== null) kept.listLengths.set(key, count)
  if (type === STRING) return skipTexts(reader, { key: key ?? '', count, assertInReason })
  const { bytes, read } = numberType(type)
  if (count > MAX_NUMBERS || key === null || key.startsWith('tokenizer.')) {
    reader.skip(count * bytes)
    return
  }
  await reader.ensure(count * bytes)
  let largest = Number.NEGATIVE_INFINITY
  for (let index = 0; index < count; index += 1) largest = Math.max(largest, reader.value(read, bytes))
  if (Number.isFinite(largest)) kept.values.set(key, largest)
}

function assertInReason(position: number): void {
  if (position > MAX_HEADER_BYTES)
    throw new HeaderFault(`its header is longer than ${MAX_HEADER_BYTES / 1024 / 1024} MiB`)
}

function numberType(type: number): NumberType {
  const known = NUMBER_TYPES[type]
  if (known === undefined)
    throw new HeaderFault(`a value of its header has a type that does not exist (${type})`)
  return known
}
