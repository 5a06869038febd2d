import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { ForwardReader } from '#backend/library/header/forward-reader.ts'
import { HeaderFault } from '#backend/library/header/header-fault.ts'
import { readMetadata, type Metadata } from '#backend/library/header/read-metadata.ts'
import { readTensors, type TensorTotals } from '#backend/library/header/read-tensors.ts'

/** The header of one file, before anybody asks what it means. */
export interface RawHeader {
  readonly metadata: Metadata
  readonly tensors: TensorTotals
  readonly fileBytes: number
}

const MAGIC = 0x4655_4747
const DEFAULT_ALIGNMENT_BYTES = 32

/**
 * Reads the header of one file. Throws a `HeaderFault` for a file that is none, and what the system says where it cannot
 * be read. Pipes and devices are never opened: they might wait for ever.
 */
export async function readHeader(path: string): Promise<RawHeader> {
  assertFile(await stat(path))
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    // Asked again: what lies there may have been exchanged since.
    const found = await handle.stat()
    assertFile(found)
    const reader = new ForwardReader(handle, found.size)
    try {
      return await parse(reader)
    } finally {
      reader.dispose()
    }
  } finally {
    await handle.close()
  }
}

function assertFile(found: { isFile(): boolean; isDirectory(): boolean; readonly size: number }): void {
  if (found.isDirectory()) throw new HeaderFault('it is a folder')
  if (!found.isFile()) throw new HeaderFault('it is a pipe or a device, not a file')
  if (found.size === 0) throw new HeaderFault('it is empty')
}

async function parse(reader: ForwardReader): Promise<RawHeader> {
  await reader.ensureUpTo(24)
  if (!reader.has(4) || reader.uint32() !== MAGIC) throw new HeaderFault('it is not a GGUF file')
  await reader.ensure(20)
  assertVersion(reader.uint32())
  const tensorCount = reader.uint64()
  const metadata = await readMetadata(reader, reader.uint64())
  const tensors = await readTensors(reader, tensorCount)
  assertWhole(reader, metadata, tensors)
  return { metadata, tensors, fileBytes: reader.fileBytes }
}

function assertVersion(version: number): void {
  if (version === 2 || version === 3) return
  if (version === 1)
    throw new HeaderFault('it is GGUF version 1, which llama.cpp gave up: convert the model anew')
  const isBigEndian = version % 2 ** 16 === 0 && version > 0
  throw new HeaderFault(
    isBigEndian
      ? 'it was written for big-endian machines'
      : `it is GGUF version ${version}, which is newer than Inhouse, or damaged`,
  )
}

function assertWhole(reader: ForwardReader, { values }: Metadata, { dataBytes }: TensorTotals): void {
  const stated = values.get('general.alignment')
  const alignment = typeof stated === 'number' && isAlignment(stated) ? stated : DEFAULT_ALIGNMENT_BYTES
  const dataStart = Math.ceil(reader.position / alignment) * alignment
  const missing = dataBytes === 0 ? 0 : dataStart + dataBytes - reader.fileBytes
  if (missing > 0)
    throw new HeaderFault(`it is cut short: ${missing} of its ${dataStart + dataBytes} bytes are missing`)
}

function isAlignment(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 2 ** 20
}
