import { cutShort, type ForwardReader } from '#backend/library/header/forward-reader.ts'
import { HeaderFault } from '#backend/library/header/header-fault.ts'
import { GGML_TYPES, rowsBytes, type StorageType } from '#core/quant/ggml-type.ts'

/** What is kept of a header's list of tensors. */
export interface TensorTotals {
  readonly count: number
  /** Elements of all tensors. */
  readonly elements: number
  /** Elements of the tensors of more than one dimension, by number of their type. */
  readonly elementsByType: ReadonlyMap<number, number>
  /** Rows of `token_embd.weight`: the size of the vocabulary. */
  readonly embeddingRows: number | null
  /** Where the last byte of tensor data ends, from the start of the tensor data. */
  readonly dataBytes: number
}

const MAX_TENSORS = 100_000
/** `GGML_MAX_DIMS`, ggml.h. */
const MAX_DIMENSIONS = 4
/** `GGML_MAX_NAME` is 64; its end marker counts. */
const MAX_NAME_BYTES = 1024
const EMBEDDINGS = 'token_embd.weight'
/** Length of the longest entry: name, dimensions, type, offset. */
const ENTRY_BYTES = 8 + MAX_NAME_BYTES + 4 + 8 * MAX_DIMENSIONS + 4 + 8

const storageById: ReadonlyMap<number, StorageType> = new Map(
  Object.values(GGML_TYPES).map((type) => [type.id, type] as const),
)
/** Types of `enum ggml_type` (ggml.h, llama.cpp v0.5.0) that no quantization is made of: their sizes are not checked. */
const OTHER_TYPES: ReadonlySet<number> = new Set([9, 15, 24, 25, 27, 28, 41, 42])

/** Reads the list of tensors and adds it up. */
export async function readTensors(reader: ForwardReader, count: number): Promise<TensorTotals> {
  if (count > MAX_TENSORS) throw new HeaderFault(`its header claims ${count} tensors`)
  const elementsByType = new Map<number, number>()
  let elements = 0
  let dataBytes = 0
  let embeddingRows: number | null = null
  for (let index = 0; index < count; index += 1) {
    if (!reader.has(ENTRY_BYTES)) await reader.ensureUpTo(ENTRY_BYTES)
    const tensor = readTensor(reader)
    elements += tensor.elements
    if (tensor.dimensions > 1)
      elementsByType.set(tensor.type, (elementsByType.get(tensor.type) ?? 0) + tensor.elements)
    dataBytes = Math.max(dataBytes, tensor.offset + tensor.bytes)
    if (tensor.isEmbeddings) embeddingRows = tensor.rows
  }
  if (!Number.isSafeInteger(elements)) throw impossible()
  return { count, elements, elementsByType, embeddingRows, dataBytes }
}

interface TensorEntry {
  readonly isEmbeddings: boolean
  readonly dimensions: number
  readonly rows: number
  readonly elements: number
  readonly type: number
  readonly offset: number
  readonly bytes: number
}

/** One entry, all of which is at hand: checked piece by piece, since a wrong length would read past its end. */
function readTensor(reader: ForwardReader): TensorEntry {
  const nameBytes = lengthOf(reader)
  const name = nameBytes === EMBEDDINGS.length ? reader.text(nameBytes, 'latin1') : ''
  if (name === '') reader.skip(nameBytes)
  if (!reader.has(4)) throw cutShort()
  const dimensions = reader.uint32()
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) throw impossible()
  if (!reader.has(8 * dimensions + 12)) throw cutShort()
  const rowLength = reader.uint64()
  let rows = 1
  for (let dimension = 1; dimension < dimensions; dimension += 1) rows *= reader.uint64()
  const elements = rowLength * rows
  const type = reader.uint32()
  const offset = reader.uint64()
  if (elements < 1 || !Number.isSafeInteger(elements) || !Number.isSafeInteger(offset)) throw impossible()
  const storage = storageById.get(type)
  if (storage === undefined && !OTHER_TYPES.has(type))
    throw new HeaderFault(
      `a tensor has type ${type}, which the bundled llama.cpp does not know: the file is damaged, newer than Inhouse, or of a kind that was given up`,
    )
  const bytes = storage === undefined ? 0 : rowsBytes(storage, rowLength, rows)
  return { isEmbeddings: name === EMBEDDINGS, dimensions, rows, elements, type, offset, bytes }
}

function lengthOf(reader: ForwardReader): number {
  if (!reader.has(8)) throw cutShort()
  const bytes = reader.uint64()
  if (bytes > MAX_NAME_BYTES) throw impossible()
  if (!reader.has(bytes)) throw cutShort()
  return bytes
}

function impossible(): HeaderFault {
  return new HeaderFault('its list of tensors is damaged')
}
