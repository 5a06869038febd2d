import type { FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { adapterFault } from '#backend/gguf/adapter/adapter-fault.ts'

/** Number formats that adapters are saved in. */
export type TensorFormat = 'F32' | 'F16' | 'BF16'

/** A tensor of a safetensors file; `start` counts bytes from the start of the file. */
export interface StoredTensor {
  readonly name: string
  readonly format: TensorFormat
  readonly shape: readonly number[]
  readonly start: number
  readonly bytes: number
}

const FORMAT_BYTES: Readonly<Record<TensorFormat, number>> = { F32: 4, F16: 2, BF16: 2 }
/** The format allows 100 MB; thousands of tensors of an adapter take less than one. */
const MAX_HEADER_BYTES = 16 * 1024 * 1024
const MAX_TENSORS = 50_000
const MAX_DIMENSIONS = 8

const size = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
const entrySchema = z.object({
  dtype: z.string().max(16),
  shape: z.array(size).max(MAX_DIMENSIONS),
  data_offsets: z.tuple([size, size]),
})

/**
 * The tensors that a safetensors file lists. Whatever the header claims is held against the length of the file: each
 * tensor as long as its shape says, all inside, none over another. Throws `FILE_INVALID`.
 */
export async function readSafetensorsHeader(file: FileHandle): Promise<readonly StoredTensor[]> {
  const { size: fileBytes } = await file.stat()
  const lengthField = await readExactly(file, 0, Math.min(8, fileBytes))
  const headerBytes = lengthField.length < 8 ? 0n : lengthField.readBigUInt64LE()
  if (headerBytes < 2n || headerBytes > BigInt(Math.min(MAX_HEADER_BYTES, fileBytes - 8)))
    throw fault('its header has an impossible length')
  const dataStart = 8 + Number(headerBytes)
  const entries = parseHeader(await readExactly(file, 8, Number(headerBytes)))
  const tensors = entries.map(([name, entry]) => tensorOf(name, entry, dataStart, fileBytes))
  assertApart(tensors)
  return tensors
}

/** The numbers of a tensor; the file must still be the one whose header was read. */
export async function readTensor(file: FileHandle, tensor: StoredTensor): Promise<Float32Array> {
  const bytes = await readExactly(file, tensor.start, tensor.bytes)
  // Every system that Inhouse runs on is little-endian, as the format is.
  if (tensor.format === 'F32') return new Float32Array(bytes.buffer, bytes.byteOffset, tensor.bytes / 4)
  const values = new Float32Array(tensor.bytes / 2)
  // A BF16 is the upper half of a 32-bit number.
  const asBits = new Uint32Array(values.buffer)
  for (let index = 0; index < values.length; index += 1) {
    const bits = bytes.readUInt16LE(2 * index)
    if (tensor.format === 'BF16') asBits[index] = bits * 0x1_0000
    else values[index] = halfToNumber(bits)
  }
  return values
}

/** IEEE 754 binary16: one bit of sign, five of exponent, ten of fraction. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

function parseHeader(bytes: Buffer): readonly (readonly [string, unknown])[] {
  let header: unknown
  try {
    header = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw fault('its header is no JSON', error)
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw fault('its header is no list of tensors')
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__')
  if (entries.length > MAX_TENSORS) throw fault(`its header claims ${entries.length} tensors`)
  return entries
}

function tensorOf(name: string, entry: unknown, dataStart: number, fileBytes: number): StoredTensor {
  const parsed = entrySchema.safeParse(entry)
  if (!parsed.success) throw fault(`the entry of the tensor "${name}" is damaged`)
  const { dtype, shape, data_offsets: offsets } = parsed.data
  const format = formatOf(dtype)
  if (format === null) throw fault(`the tensor "${name}" is stored as ${dtype}, not as F32, F16 or BF16`)
  const bytes = shape.reduce((product, length) => product * length, FORMAT_BYTES[format])
  const [start, end] = offsets
  if (end - start !== bytes || dataStart + end > fileBytes)
    throw fault(`the tensor "${name}" is not where the header says`)
  return { name, format, shape, start: dataStart + start, bytes }
}

function formatOf(dtype: string): TensorFormat | null {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16' ? dtype : null
}

function assertApart(tensors: readonly StoredTensor[]): void {
  let free = 0
  for (const tensor of tensors.toSorted((one, other) => one.start - other.start)) {
    if (tensor.start < free) throw fault(`the tensor "${tensor.name}" lies over another`)
    free = tensor.start + tensor.bytes
  }
}

async function readExactly(file: FileHandle, start: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes)
  for (let done = 0; done < bytes;) {
    const { bytesRead } = await file.read(buffer, done, bytes - done, start + done)
    if (bytesRead === 0) throw fault('it ends too early')
    done += bytesRead
  }
  return buffer
}

function fault(what: string, cause?: unknown) {
  return adapterFault(`The adapter cannot be read: ${what}.`, 'Download or save the adapter again.', cause)
}
