import { fieldsOf, type GgufField } from '#backend/library/testing/gguf-fields.ts'

/** A damaged copy of a file. */
export interface MutatedFile {
  readonly bytes: Uint8Array
  /** What was done to it, for the message of a test that fails. */
  readonly what: string
}

/** From 0 up to, not including, 1. */
export type Random = () => number

/** Counts, lengths and sizes that no file means. */
const ABSURD: readonly bigint[] = [
  0n,
  1n,
  0xffn,
  0xffffn,
  0x7fff_ffffn,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1f_ffff_ffff_ffffn,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_ffff_ffffn,
  1_000_000n,
  123_456_789n,
]

/**
 * Damages a copy of a well-formed GGUF file in one of the ways files get damaged, or are made to do damage: cut short
 * anywhere, bits flipped, counts and lengths that are absurd, types that are wrong or do not exist, parts doubled, lost or
 * overwritten. The same numbers make the same damage.
 */
export function mutateGguf(bytes: Uint8Array, random: Random): MutatedFile {
  const mutation = pick(MUTATIONS, random)
  return mutation({ bytes, fields: fieldsOf(bytes), random })
}

interface Subject {
  readonly bytes: Uint8Array
  readonly fields: readonly GgufField[]
  readonly random: Random
}

type Mutation = (subject: Subject) => MutatedFile

const MUTATIONS: readonly Mutation[] = [
  cutAnywhere,
  cutAtField,
  cutAtField,
  flipBits,
  flipBits,
  flipBitsInField,
  flipBitsInField,
  setField('count'),
  setField('count'),
  setField('length'),
  setField('length'),
  setField('length'),
  setField('type'),
  setField('type'),
  setField('type'),
  setField('dimensions'),
  setField('size'),
  setField('size'),
  setField('offset'),
  setField('version'),
  overwrite,
  removePart,
  doublePart,
  severalFields,
  garbage,
]

function cutAnywhere({ bytes, random }: Subject): MutatedFile {
  const length = below(bytes.length, random)
  return { bytes: Uint8Array.from(bytes.subarray(0, length)), what: `cut to ${length} bytes` }
}

function cutAtField({ bytes, fields, random }: Subject): MutatedFile {
  const { at, bytes: size, kind } = pick(fields, random)
  const length = at + below(size + 1, random)
  return { bytes: Uint8Array.from(bytes.subarray(0, length)), what: `cut at ${length}, in ${kind}` }
}

function flipBits({ bytes, fields, random }: Subject): MutatedFile {
  const header = headerBytes(fields)
  const copy = Uint8Array.from(bytes)
  const flips = 1 + below(64, random)
  for (let flip = 0; flip < flips; flip += 1) flipBit(copy, below(header, random), random)
  return { bytes: copy, what: `${flips} bits of the header flipped` }
}

function flipBitsInField({ bytes, fields, random }: Subject): MutatedFile {
  const { at, bytes: size, kind } = pick(fields, random)
  const copy = Uint8Array.from(bytes)
  flipBit(copy, at + below(size, random), random)
  return { bytes: copy, what: `a bit of ${kind} at ${at} flipped` }
}

function flipBit(bytes: Uint8Array, at: number, random: Random): void {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8, random))
}

function setField(kind: GgufField['kind']): Mutation {
  return ({ bytes, fields, random }) => {
    const copy = Uint8Array.from(bytes)
    const field = pick(
      fields.filter((one) => one.kind === kind),
      random,
    )
    const value = setAbsurd(copy, field, random)
    return { bytes: copy, what: `${kind} at ${field.at} set to ${value}` }
  }
}

function severalFields({ bytes, fields, random }: Subject): MutatedFile {
  const copy = Uint8Array.from(bytes)
  const changes = 2 + below(10, random)
  for (let change = 0; change < changes; change += 1) setAbsurd(copy, pick(fields, random), random)
  return { bytes: copy, what: `${changes} fields set to absurd values` }
}

/** Types get numbers that are types at times, so that values are read as what they are not. */
function setAbsurd(bytes: Uint8Array, { at, bytes: size, kind }: GgufField, random: Random): bigint {
  const value =
    kind === 'type' || random() < 0.2
      ? BigInt(below(48, random))
      : pick(ABSURD, random) + BigInt(below(3, random))
  for (let index = 0; index < Math.min(size, 8); index += 1)
    bytes[at + index] = Number((value >> BigInt(8 * index)) & 0xffn)
  return value
}

function overwrite({ bytes, fields, random }: Subject): MutatedFile {
  const copy = Uint8Array.from(bytes)
  const start = below(headerBytes(fields), random)
  const end = Math.min(copy.length, start + 1 + below(4096, random))
  const fill = pick([0, 0xff, null], random)
  for (let at = start; at < end; at += 1) copy[at] = fill ?? below(256, random)
  return { bytes: copy, what: `${start} to ${end} overwritten with ${fill ?? 'noise'}` }
}

function removePart({ bytes, fields, random }: Subject): MutatedFile {
  const start = below(headerBytes(fields), random)
  const end = start + 1 + below(4096, random)
  return {
    bytes: joined(bytes.subarray(0, start), bytes.subarray(end)),
    what: `${start} to ${end} taken out`,
  }
}

function doublePart({ bytes, fields, random }: Subject): MutatedFile {
  const start = below(headerBytes(fields), random)
  const end = start + 1 + below(4096, random)
  return {
    bytes: joined(bytes.subarray(0, end), bytes.subarray(start)),
    what: `${start} to ${end} doubled`,
  }
}

/** A right beginning and nothing right behind it. */
function garbage({ bytes, random }: Subject): MutatedFile {
  const kept = below(40, random)
  const copy = Uint8Array.from({ length: kept + below(8192, random) }, () => below(256, random))
  copy.set(bytes.subarray(0, Math.min(kept, copy.length)))
  return { bytes: copy, what: `${kept} bytes of it and noise` }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length)
  whole.set(first)
  whole.set(second, first.length)
  return whole
}

function headerBytes(fields: readonly GgufField[]): number {
  const last = fields.at(-1)
  return last === undefined ? 0 : last.at + last.bytes
}

function below(limit: number, random: Random): number {
  return Math.floor(random() * limit)
}

function pick<T>(list: readonly T[], random: Random): T {
  const one = list[below(list.length, random)]
  if (one === undefined) throw new Error('nothing to choose from')
  return one
}
