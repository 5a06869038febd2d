import type { MetadataEntry, MetadataValue } from '#backend/gguf/metadata-entry.ts'

/** A tensor as the header lists it: `offset` counts bytes from the start of the tensor data. */
export interface TensorEntry {
  readonly name: string
  readonly shape: readonly number[]
  /** Its number in `enum ggml_type`. */
  readonly typeId: number
  readonly offset: number
}

/** Tensor data and its start are padded to this many bytes (`GGUF_DEFAULT_ALIGNMENT`, gguf.h). */
export const ALIGNMENT_BYTES = 32

const VERSION = 3

/** `enum gguf_type`, gguf.h. */
const TYPE_IDS = { int32: 5, uint32: 4, float32: 6, bool: 7, string: 8, array: 9 } as const

/** The next multiple of the alignment. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES
}

const stringBytes = (value: string): number => 8 + Buffer.byteLength(value)

function valueBytes(value: MetadataValue): number {
  switch (value.type) {
    case 'uint32':
    case 'float32':
      return 4
    case 'bool':
      return 1
    case 'string':
      return stringBytes(value.value)
    case 'int32[]':
    case 'float32[]':
      return 12 + 4 * value.value.length
    case 'bool[]':
      return 12 + value.value.length
    case 'string[]':
      return value.value.reduce((sum, one) => sum + stringBytes(one), 12)
  }
}

/** Writes values one behind another; the buffer is as long as everything together, so it never grows. */
class Cursor {
  readonly #buffer: Buffer
  #at = 0

  constructor(bytes: number) {
    this.#buffer = Buffer.alloc(bytes)
  }

  get buffer(): Buffer {
    return this.#buffer
  }

  uint8(value: number): void {
    this.#at = this.#buffer.writeUInt8(value, this.#at)
  }

  uint32(value: number): void {
    this.#at = this.#buffer.writeUInt32LE(value, this.#at)
  }

  int32(value: number): void {
    this.#at = this.#buffer.writeInt32LE(value, this.#at)
  }

  float32(value: number): void {
    this.#at = this.#buffer.writeFloatLE(value, this.#at)
  }

  /** Two halves: a BigInt for each of 128,000 vocabulary entries would cost more than all the rest. */
  uint64(value: number): void {
    this.uint32(value % 2 ** 32)
    this.uint32(Math.floor(value / 2 ** 32))
  }

  string(value: string): void {
    const bytes = this.#buffer.write(value, this.#at + 8)
    this.uint64(bytes)
    this.#at += bytes
  }
}

function writeArray(
  cursor: Cursor,
  typeId: number,
  length: number,
  writeElement: (index: number) => void,
): void {
  cursor.uint32(TYPE_IDS.array)
  cursor.uint32(typeId)
  cursor.uint64(length)
  for (let index = 0; index < length; index += 1) writeElement(index)
}

function writeValue(cursor: Cursor, value: MetadataValue): void {
  switch (value.type) {
    case 'uint32':
      cursor.uint32(TYPE_IDS.uint32)
      cursor.uint32(value.value)
      return
    case 'float32':
      cursor.uint32(TYPE_IDS.float32)
      cursor.float32(value.value)
      return
    case 'bool':
      cursor.uint32(TYPE_IDS.bool)
      cursor.uint8(value.value ? 1 : 0)
      return
    case 'string':
      cursor.uint32(TYPE_IDS.string)
      cursor.string(value.value)
      return
    case 'int32[]':
      writeArray(cursor, TYPE_IDS.int32, value.value.length, (at) => cursor.int32(value.value[at] ?? 0))
      return
    case 'float32[]':
      writeArray(cursor, TYPE_IDS.float32, value.value.length, (at) => cursor.float32(value.value[at] ?? 0))
      return
    case 'bool[]':
      writeArray(cursor, TYPE_IDS.bool, value.value.length, (at) => cursor.uint8(value.value[at] ? 1 : 0))
      return
    case 'string[]':
      writeArray(cursor, TYPE_IDS.string, value.value.length, (at) => cursor.string(value.value[at] ?? ''))
  }
}

/**
 * The header of a GGUF v3 file, padded to where the tensor data starts: magic, counts, metadata, tensor list
 * (ggml/include/gguf.h). Encoded into one buffer of known length.
 */
export function encodeHeader(metadata: readonly MetadataEntry[], tensors: readonly TensorEntry[]): Buffer {
  let bytes = 4 + 4 + 8 + 8
  for (const { key, value } of metadata) bytes += stringBytes(key) + 4 + valueBytes(value)
  for (const { name, shape } of tensors) bytes += stringBytes(name) + 4 + 8 * shape.length + 4 + 8
  const cursor = new Cursor(aligned(bytes))
  for (const letter of 'GGUF') cursor.uint8(letter.charCodeAt(0))
  cursor.uint32(VERSION)
  cursor.uint64(tensors.length)
  cursor.uint64(metadata.length)
  for (const { key, value } of metadata) {
    cursor.string(key)
    writeValue(cursor, value)
  }
  for (const { name, shape, typeId, offset } of tensors) {
    cursor.string(name)
    cursor.uint32(shape.length)
    for (const size of shape) cursor.uint64(size)
    cursor.uint32(typeId)
    cursor.uint64(offset)
  }
  return cursor.buffer
}
