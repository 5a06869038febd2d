import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { parseAdapterConfig } from '#backend/gguf/adapter/adapter-config.ts'
import { adapterFault } from '#backend/gguf/adapter/adapter-fault.ts'
import { readSafetensorsHeader, readTensor, type StoredTensor } from '#backend/gguf/adapter/safetensors.ts'
import { CONVERTIBLE_ARCHITECTURES, mapModule, parsePeftName } from '#backend/gguf/adapter/tensor-names.ts'
import { aligned, encodeHeader, type TensorEntry } from '#backend/gguf/gguf-encoder.ts'
import { float32, text } from '#backend/gguf/metadata-entry.ts'
import { readModelHeader } from '#backend/library/read-model-header.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { ModelHeader } from '#core/library/model-header.ts'

export interface AdapterToConvert {
  /** A folder as PEFT writes it, or the safetensors file in it. */
  readonly source: string
  readonly outPath: string
  /** The GGUF file the adapter is for: names and order of rows depend on its architecture. */
  readonly basePath: string
  readonly signal?: AbortSignal
}

/** A written adapter in the format of llama.cpp. */
export interface ConvertedAdapter {
  readonly path: string
  readonly rank: number
  /** As llama.cpp uses it: divided by the rank it is the strength at scale 1. */
  readonly alpha: number
  readonly tensors: number
}

/** The two files of a PEFT adapter. */
export interface PeftFiles {
  readonly config: string
  readonly weights: string
}

/** A matrix pair of the adapter and its place in llama.cpp. */
interface Pair {
  readonly name: string
  readonly a: StoredTensor
  readonly b: StoredTensor
  /** Heads whose rows of `b` change their order; null where they stay. */
  readonly heads: number | null
}

/** `enum ggml_type`. */
const F32 = 0
const MAX_CONFIG_BYTES = 1024 * 1024

/**
 * Writes a LoRA adapter of PEFT (safetensors) as llama.cpp reads it (convert_lora_to_gguf.py), 32 bits a number, one
 * tensor in memory at a time. What llama.cpp cannot apply is refused by name: `FILE_INVALID`.
 */
export async function convertAdapter(adapter: AdapterToConvert): Promise<ConvertedAdapter> {
  const files = await peftFiles(adapter.source)
  const config = parseAdapterConfig(await readConfig(files.config))
  const { header: base } = await readModelHeader(adapter.basePath)
  const weights = await open(files.weights)
  try {
    const pairs = pairUp(await readSafetensorsHeader(weights), base)
    const alpha = config.alpha * (config.isRankStabilized ? Math.sqrt(config.rank) : 1)
    await writeAdapter({ adapter, weights, pairs, alpha, base })
    return { path: adapter.outPath, rank: config.rank, alpha, tensors: 2 * pairs.length }
  } finally {
    await weights.close()
  }
}

/** Finds the files of a PEFT adapter. Throws `FILE_NOT_FOUND`, and `FILE_INVALID` where there is only a pickle. */
export async function peftFiles(source: string): Promise<PeftFiles> {
  const isFolder = (await stat(source).catch(() => null))?.isDirectory() === true
  const folder = isFolder ? source : path.dirname(source)
  const weights = isFolder ? path.join(folder, 'adapter_model.safetensors') : source
  const config = path.join(folder, 'adapter_config.json')
  if (!(await isFile(weights)) && (await isFile(path.join(folder, 'adapter_model.bin'))))
    throw adapterFault(
      `The adapter in ${path.basename(folder)} is saved as a pickle, which can contain programs.`,
      'Save it again as safetensors.',
    )
  for (const file of [weights, config])
    if (!(await isFile(file)))
      throw new InhouseError({
        code: 'FILE_NOT_FOUND',
        message: `There is no file ${file}.`,
        nextStep:
          'Choose a GGUF adapter, or a folder with adapter_config.json and adapter_model.safetensors.',
      })
  return { config, weights }
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null))?.isFile() === true
}

async function readConfig(file: string): Promise<string> {
  if ((await stat(file)).size > MAX_CONFIG_BYTES)
    throw adapterFault('The adapter_config.json is far too large.', 'Download or save the adapter again.')
  return readFile(file, 'utf8')
}

function pairUp(tensors: readonly StoredTensor[], base: ModelHeader): readonly Pair[] {
  if (!CONVERTIBLE_ARCHITECTURES.includes(base.architecture))
    throw adapterFault(
      `Adapters for the architecture ${base.architecture} cannot be converted.`,
      'Convert the adapter with llama.cpp and choose the GGUF file.',
    )
  const sides = new Map<string, { a?: StoredTensor; b?: StoredTensor }>()
  for (const tensor of tensors) {
    const part = parsePeftName(tensor.name)
    if (part === null) throw unsupported(tensor.name, base)
    const known = sides.get(part.module) ?? {}
    sides.set(part.module, { ...known, [part.side]: tensor })
  }
  if (sides.size === 0) throw adapterFault('The adapter is empty.', 'Download or save the adapter again.')
  return [...sides].map(([module, { a, b }]) => {
    if (a === undefined || b === undefined) throw damagedPair(module)
    return pairOf(module, { a, b }, base)
  })
}

function pairOf(
  module: string,
  { a, b }: { readonly a: StoredTensor; readonly b: StoredTensor },
  base: ModelHeader,
): Pair {
  const place = mapModule(base.architecture, module)
  if (place === null || place.layer >= (base.shape.layers ?? Infinity)) throw unsupported(module, base)
  const [rank, inputs] = a.shape
  const [outputs, otherRank] = b.shape
  const isPair = a.shape.length === 2 && b.shape.length === 2 && rank === otherRank
  if (!isPair || !rank || !inputs || !outputs) throw damagedPair(module)
  const heads = place.reordered === null ? null : headsOf(place.reordered, base)
  if (heads !== null && outputs % (2 * heads) !== 0) throw damagedPair(module)
  return { name: place.name, a, b, heads }
}

function headsOf(kind: 'query' | 'key', { shape, name }: ModelHeader): number {
  const heads = kind === 'key' ? (shape.kvHeads ?? shape.heads) : shape.heads
  if (heads === null || heads < 1)
    throw adapterFault(
      `${name ?? 'The base model'} does not say how many heads it has.`,
      'Download the base model again.',
    )
  return heads
}

function unsupported(module: string, base: ModelHeader) {
  return adapterFault(
    `The adapter changes "${module}", which cannot be applied to a model of the architecture ${base.architecture}.`,
    'Choose the base model it was trained for, or merge it into that model and convert the result to GGUF.',
  )
}

function damagedPair(module: string) {
  return adapterFault(
    `The matrices of the adapter for "${module}" do not belong together.`,
    'Choose the base model it was trained for, or download the adapter again.',
  )
}

interface AdapterToWrite {
  readonly adapter: AdapterToConvert
  readonly weights: FileHandle
  readonly pairs: readonly Pair[]
  readonly alpha: number
  readonly base: ModelHeader
}

/** Under another name until it is complete, so that no half-written file is ever taken for an adapter. */
async function writeAdapter({ adapter, weights, pairs, alpha, base }: AdapterToWrite): Promise<void> {
  const unfinished = `${adapter.outPath}.${randomUUID()}.part`
  await mkdir(path.dirname(adapter.outPath), { recursive: true })
  const file = await open(unfinished, 'wx')
  try {
    const metadata = [
      text('general.architecture', base.architecture),
      text('general.type', 'adapter'),
      text('adapter.type', 'lora'),
      float32('adapter.lora.alpha', alpha),
    ]
    await file.writeFile(encodeHeader(metadata, entriesOf(pairs)))
    for (const { a, b, heads } of pairs) {
      adapter.signal?.throwIfAborted()
      await file.writeFile(padded(await readTensor(weights, a)))
      const rows = await readTensor(weights, b)
      await file.writeFile(padded(heads === null ? rows : reorderRows(rows, b.shape[1] ?? 1, heads)))
    }
    await file.close()
    await rename(unfinished, adapter.outPath)
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(unfinished, { force: true })
    throw error
  }
}

function entriesOf(pairs: readonly Pair[]): readonly TensorEntry[] {
  let offset = 0
  return pairs.flatMap(({ name, a, b }) =>
    [
      { name: `${name}.lora_a`, stored: a },
      { name: `${name}.lora_b`, stored: b },
    ].map(({ name: tensor, stored }) => {
      const shape = stored.shape.toReversed()
      const entry = { name: tensor, shape, typeId: F32, offset }
      offset += aligned(4 * shape.reduce((product, length) => product * length, 1))
      return entry
    }),
  )
}

function padded(values: Float32Array): Buffer {
  const buffer = Buffer.alloc(aligned(values.byteLength))
  buffer.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  return buffer
}

/**
 * From the row order of Hugging Face (the two halves of a head, one after the other) to that of llama.cpp (their rows
 * in turn): `LlamaModel.permute`, conversion/llama.py.
 */
export function reorderRows(values: Float32Array, columns: number, heads: number): Float32Array {
  const headRows = values.length / columns / heads
  const result = new Float32Array(values.length)
  for (let row = 0; row < values.length / columns; row += 1) {
    const inHead = row % headRows
    const half = Math.floor(inHead / (headRows / 2))
    const target = row - inHead + 2 * (inHead % (headRows / 2)) + half
    result.set(values.subarray(row * columns, (row + 1) * columns), target * columns)
  }
  return result
}
