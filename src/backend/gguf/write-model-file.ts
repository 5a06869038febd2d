import { open, rm, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { fileTensors, type FileTensor } from '#backend/gguf/file-tensors.ts'
import { fileTypeMetadata } from '#backend/gguf/file-type.ts'
import { fillTensors, writeWhole } from '#backend/gguf/fill-tensors.ts'
import { aligned, encodeHeader } from '#backend/gguf/gguf-encoder.ts'
import { markSparse } from '#backend/gguf/mark-sparse.ts'
import { text } from '#backend/gguf/metadata-entry.ts'
import { modelMetadata } from '#backend/gguf/model-metadata.ts'
import { freeDiskBytes } from '#backend/gguf/sparse-support.ts'
import { routingTensors, type WordRows } from '#backend/gguf/routing-tensors.ts'
import type { Vocabulary } from '#backend/gguf/vocabulary-metadata.ts'
import { assertWritable } from '#backend/gguf/writable.ts'
import { diskFull, writeFailure } from '#backend/gguf/write-failure.ts'
import type { Model } from '#core/model/model.ts'
import { shallowModel } from '#core/model/shallow-model.ts'
import type { Quantization } from '#core/quant/quantization.ts'

export interface WriteModelFileOptions {
  readonly model: Model
  readonly quantization: Quantization
  /** Where to write; a file that is there is replaced. */
  readonly path: string
  /**
   * `sparse`: tensor data is a hole, read as zeros, that takes no disk. `zeros`: the same without holes, for file
   * systems that have none (`supportsSparseFiles`). `random`: valid random weights.
   */
  readonly fill: 'sparse' | 'zeros' | 'random'
  /**
   * Layers of the model to keep, as `chooseLayers` picks them, for a shallow stand-in: each with the tensor types it
   * has in the whole file. Left out: all layers, prediction layers included.
   */
  readonly layers?: readonly number[]
  /** `none` for files that are only laid out, never run. Default `words`. */
  readonly vocabulary?: Vocabulary
  /**
   * Words whose embeddings are written for real, with norms and routers, where the rest is a hole or zeros: tokens of a
   * mixture then choose experts as at random. Left out: nothing is. Only mixtures heed it.
   */
  readonly routedWords?: WordRows
  /** Format of turns, in Jinja. Left out: the file brings none. */
  readonly chatTemplate?: string
  /** Of the random weights; the same seed writes the same file. Default 1. */
  readonly seed?: number
  readonly onProgress?: (writtenBytes: number, totalBytes: number) => void
  readonly signal?: AbortSignal
}

/** A model file that was written. */
export interface WrittenModelFile {
  readonly path: string
  /** Apparent size. */
  readonly fileBytes: number
  /** Where the tensor data starts. */
  readonly headerBytes: number
  /** What the file takes on disk. */
  readonly storedBytes: number
}

interface FilePlan {
  readonly header: Buffer
  readonly tensors: readonly FileTensor[]
  readonly fileBytes: number
}

function planFile({
  chatTemplate,
  layers,
  model,
  quantization,
  vocabulary,
}: WriteModelFileOptions): FilePlan {
  assertWritable(model, quantization)
  const described = layers === undefined ? model : shallowModel(model, layers)
  const tensors = fileTensors({ model, quantization, described, layers })
  const header = encodeHeader(
    [
      ...modelMetadata(described, vocabulary),
      ...(chatTemplate === undefined ? [] : [text('tokenizer.chat_template', chatTemplate)]),
      ...fileTypeMetadata(quantization),
    ],
    tensors,
  )
  const last = tensors.at(-1)
  const dataBytes = last === undefined ? 0 : aligned(last.offset + last.bytes)
  return { header, tensors, fileBytes: header.length + dataBytes }
}

async function writeInto(
  handle: FileHandle,
  plan: FilePlan,
  options: WriteModelFileOptions,
): Promise<WrittenModelFile> {
  const { fill, model, onProgress, path: file, seed = 1, signal } = options
  const { fileBytes, header, tensors } = plan
  if (fill === 'sparse') await markSparse(file)
  await writeWhole(handle, header, 0)
  await handle.truncate(fileBytes)
  let written = header.length
  if (fill !== 'sparse')
    await fillTensors({
      handle,
      tensors,
      dataStart: header.length,
      fill,
      seed,
      experts: model.architecture.moe?.experts ?? 0,
      signal,
      onWritten: (bytes) => {
        written += bytes
        onProgress?.(written, fileBytes)
      },
    })
  if (fill !== 'random' && options.routedWords !== undefined && model.architecture.moe !== null)
    await fillTensors({
      handle,
      tensors: routingTensors(tensors, options.routedWords),
      dataStart: header.length,
      fill: 'random',
      seed,
      experts: model.architecture.moe.experts,
      signal,
      onWritten: () => undefined,
    })
  onProgress?.(fileBytes, fileBytes)
  signal?.throwIfAborted()
  const { blocks } = await handle.stat()
  const storedBytes = Number.isFinite(blocks) ? blocks * 512 : fileBytes
  return { path: file, fileBytes, headerBytes: header.length, storedBytes }
}

/**
 * Writes a GGUF v3 file of a model that llama.cpp loads and runs, without the model's weights: real shapes, types and
 * hyperparameters, a stand-in vocabulary, and a hole, zeros or random numbers for weights. An aborted or failed write
 * leaves no file. Throws `CANNOT_WRITE_MODEL`, `DISK_FULL`, `STORE_UNWRITABLE`, or the signal's reason.
 */
export async function writeModelFile(options: WriteModelFileOptions): Promise<WrittenModelFile> {
  const { fill, path: file, signal } = options
  signal?.throwIfAborted()
  const plan = planFile(options)
  const neededBytes = fill === 'sparse' ? plan.header.length : plan.fileBytes
  let opened = false
  try {
    const freeBytes = await freeDiskBytes(path.dirname(file))
    if (freeBytes < neededBytes) throw diskFull(file, neededBytes, freeBytes)
    const handle = await open(file, 'w', 0o600)
    opened = true
    try {
      return await writeInto(handle, plan, options)
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (opened) await rm(file, { force: true })
    throw writeFailure(error, file, neededBytes)
  }
}
