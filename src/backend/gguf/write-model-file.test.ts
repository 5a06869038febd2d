import { mkdir, mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { readGgufFileInfo } from 'node-llama-cpp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileTensors } from '#backend/gguf/file-tensors.ts'
import { encodeHeader } from '#backend/gguf/gguf-encoder.ts'
import { modelMetadata } from '#backend/gguf/model-metadata.ts'
import { supportsSparseFiles } from '#backend/gguf/sparse-support.ts'
import { isWritableQuantization } from '#backend/gguf/writable.ts'
import { writeFailure } from '#backend/gguf/write-failure.ts'
import { writeModelFile, type WriteModelFileOptions } from '#backend/gguf/write-model-file.ts'
import { metadataBytes } from '#core/quant/metadata-bytes.ts'
import type { Model } from '#core/model/model.ts'
import { chooseLayers } from '#core/quant/choose-layers.ts'
import { PUBLISHER_MIXES } from '#core/quant/publisher-mix.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import { quantizedTensors } from '#core/quant/quantized-tensors.ts'
import { weightsOf } from '#core/quant/weights.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

const models = shippedCatalogue.models.filter(({ architecture }) => architecture.gguf !== null)
const quantizations = shippedCatalogue.quantizations.filter(isWritableQuantization)

function modelOf(id: string): Model {
  const model = models.find((one) => one.id === id)
  if (model === undefined) throw new Error(`${id} is not in the catalogue`)
  return model
}

function quantizationOf(id: string): Quantization {
  const found = [...shippedCatalogue.quantizations, ...PUBLISHER_MIXES].find((one) => one.id === id)
  if (found === undefined) throw new Error(`${id} is not in the catalogue`)
  return found
}

const tiny = modelOf('HuggingFaceTB/SmolLM2-135M-Instruct')
const q4 = quantizationOf('Q4_K_M')

let folder: string
let sparse: boolean

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-gguf-'))
  sparse = await supportsSparseFiles(folder)
})
afterAll(() => rm(folder, { recursive: true }))

const options = (more: Partial<WriteModelFileOptions>): WriteModelFileOptions => ({
  model: tiny,
  quantization: q4,
  path: path.join(folder, 'model.gguf'),
  fill: 'sparse',
  ...more,
})

const read = (file: string): ReturnType<typeof readGgufFileInfo> =>
  readGgufFileInfo(file, { logWarnings: false, sourceType: 'filesystem' })

describe('writeModelFile', () => {
  it('writes what node-llama-cpp reads back: names, shapes, types, offsets and metadata', async () => {
    const written = await writeModelFile(options({}))
    const info = await read(written.path)
    expect(info.version).toBe(3)
    expect(info.metadata.general.description).toContain(tiny.name)
    expect(info.metadata.general.file_type).toBe(15)
    expect(info.architectureMetadata).toMatchObject({
      block_count: tiny.architecture.layers,
      context_length: tiny.architecture.contextTokens,
      embedding_length: tiny.architecture.hidden,
      attention: { head_count: tiny.architecture.heads, head_count_kv: tiny.architecture.kvHeads },
    })
    expect(info.metadata.tokenizer.ggml.tokens).toHaveLength(tiny.architecture.vocabulary)
    const expected = fileTensors({ model: tiny, quantization: q4, described: tiny, layers: undefined })
    expect(
      info.fullTensorInfo?.map(({ name, dimensions, ggmlType, offset }) => ({
        name,
        shape: dimensions.map(Number),
        typeId: ggmlType,
        offset: Number(offset),
      })),
    ).toEqual(expected.map(({ name, shape, typeId, offset }) => ({ name, shape, typeId, offset })))
    expect(expected.map(({ name }) => name)).toEqual(
      quantizedTensors(tiny, q4).map(({ tensor }) => tensor.name),
    )
    expect(info.totalMetadataSize).toBeLessThanOrEqual(written.headerBytes)
    expect(written.headerBytes % 32).toBe(0)
  })

  it('makes a hole of the weights where the file system can', async () => {
    const written = await writeModelFile(options({ model: modelOf('meta-llama/Llama-3.1-8B-Instruct') }))
    const { size } = await stat(written.path)
    expect(size).toBe(written.fileBytes)
    if (sparse) expect(written.storedBytes).toBeLessThan(2 * written.headerBytes)
  })

  it('writes real zeros and random weights on request, the same ones for the same seed', async () => {
    const bytes = async (fill: 'zeros' | 'random', seed: number): Promise<Buffer> => {
      const { path: file, headerBytes, fileBytes } = await writeModelFile(options({ fill, seed }))
      const handle = await open(file)
      const { buffer } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, headerBytes)
      await handle.close()
      expect((await stat(file)).size).toBe(fileBytes)
      return buffer
    }
    const zeros = await bytes('zeros', 1)
    expect(zeros.every((byte) => byte === 0)).toBe(true)
    const random = await bytes('random', 1)
    expect(random.filter((byte) => byte === 0).length).toBeLessThan(random.length / 10)
    expect((await bytes('random', 1)).equals(random)).toBe(true)
    expect((await bytes('random', 2)).equals(random)).toBe(false)
  })

  it('reports progress up to the whole file', async () => {
    const seen: number[] = []
    const { fileBytes } = await writeModelFile(
      options({ fill: 'random', onProgress: (writtenBytes) => seen.push(writtenBytes) }),
    )
    expect(seen.length).toBeGreaterThan(10)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(fileBytes)
  })

  it('writes a shallow stand-in with the types its layers have in the whole file', async () => {
    const model = modelOf('google/gemma-3-1b-it')
    const layers = chooseLayers(model, q4, 12)
    const { path: file } = await writeModelFile(options({ model, layers }))
    const info = await read(file)
    expect(info.architectureMetadata.block_count).toBe(12)
    const typeOf = new Map(info.fullTensorInfo?.map(({ name, ggmlType }) => [name, ggmlType as number]))
    const whole = new Map(
      fileTensors({ model, quantization: q4, described: model, layers: undefined }).map((tensor) => [
        tensor.name,
        tensor.typeId,
      ]),
    )
    layers.forEach((layer, at) => {
      for (const suffix of ['attn_v.weight', 'ffn_down.weight', 'attn_norm.weight'])
        expect(typeOf.get(`blk.${at}.${suffix}`)).toBe(whole.get(`blk.${layer}.${suffix}`))
    })
  })
})

describe('a file that could not be written', () => {
  it('is deleted when the write is cancelled', async () => {
    const controller = new AbortController()
    const file = path.join(folder, 'cancelled.gguf')
    const write = writeModelFile(
      options({
        path: file,
        fill: 'zeros',
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('enough')),
      }),
    )
    await expect(write).rejects.toThrow('enough')
    expect(await readdir(folder)).not.toContain('cancelled.gguf')
  })

  it('names a missing folder and a folder in its way', async () => {
    await expect(
      writeModelFile(options({ path: path.join(folder, 'missing', 'a.gguf') })),
    ).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringContaining('the folder does not exist') as string,
    })
    await mkdir(path.join(folder, 'taken.gguf'))
    await expect(writeModelFile(options({ path: path.join(folder, 'taken.gguf') }))).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
    })
    await writeFile(path.join(folder, 'plain'), '')
    await expect(
      writeModelFile(options({ path: path.join(folder, 'plain', 'a.gguf') })),
    ).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
  })

  it('is not begun on a disk without room for it', async () => {
    const file = path.join(folder, 'huge.gguf')
    const huge = modelOf('deepseek-ai/DeepSeek-V4-Pro')
    const signal = AbortSignal.timeout(2000)
    await expect(
      writeModelFile(
        options({ model: huge, quantization: quantizationOf('BF16'), path: file, fill: 'zeros', signal }),
      ),
    ).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(await readdir(folder)).not.toContain('huge.gguf')
  })

  it('says so when the disk fills up or is read-only', () => {
    const failure = (code: string): unknown =>
      writeFailure(Object.assign(new Error(code), { code }), '/models/a.gguf', 2 ** 30)
    expect(failure('ENOSPC')).toMatchObject({
      code: 'DISK_FULL',
      message: 'The disk of /models is full: 1024 MiB are needed.',
    })
    expect(failure('EROFS')).toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: '/models/a.gguf cannot be written: the file system is read-only.',
    })
    const unknown = new Error('something else')
    expect(writeFailure(unknown, '/models/a.gguf', 1)).toBe(unknown)
  })
})

describe('what can be written', () => {
  it('is every recipe of llama.cpp in the catalogue and the mixes that are one', () => {
    const offered = shippedCatalogue.quantizations.filter(({ engines }) => engines.includes('llama.cpp'))
    expect(quantizations).toEqual(offered)
    expect(PUBLISHER_MIXES.filter(isWritableQuantization).map(({ id }) => id)).toEqual([
      'Q2_K_L',
      'Q3_K_XL',
      'Q4_K_L',
      'Q5_K_L',
      'Q6_K_L',
    ])
  })

  it.each(['UD-Q4_K_XL', 'AWQ', 'NVFP4', 'MLX-4bit'])('is not %s', async (id) => {
    await expect(writeModelFile(options({ quantization: quantizationOf(id) }))).rejects.toMatchObject({
      code: 'CANNOT_WRITE_MODEL',
    })
  })

  it('is no model that llama.cpp has no architecture for', async () => {
    const model = shippedCatalogue.models.find(({ architecture }) => architecture.gguf === null)!
    await expect(writeModelFile(options({ model }))).rejects.toMatchObject({ code: 'CANNOT_WRITE_MODEL' })
  })
})

describe('the layout of every file', () => {
  const anyFile = fc.record({
    model: fc.constantFrom(...models),
    quantization: fc.constantFrom(...quantizations),
  })

  it('is aligned, without overlaps, ends with the file and weighs what the core says', () => {
    fc.assert(
      fc.property(anyFile, ({ model, quantization }) => {
        const tensors = fileTensors({ model, quantization, described: model, layers: undefined })
        let end = 0
        for (const { bytes, name, offset, shape, type } of tensors) {
          if (offset % 32 !== 0 || offset < end || offset - end >= 32) throw new Error(`${name} at ${offset}`)
          if (shape[0]! % type.blockSize !== 0) throw new Error(`${name} has rows of ${shape[0]}`)
          end = offset + bytes
        }
        const { fileBytes } = weightsOf(model, quantization)
        const tensorBytes = fileBytes - metadataBytes(model.architecture, tensors.length)
        // Padding, and Gemma 3n's table for tokens of pictures and sound, which no text token reads.
        const rounding = 32 * tensors.length
        const table = model.architecture.gguf === 'gemma3n' ? 0.001 * tensorBytes : 0
        expect(end).toBeGreaterThanOrEqual(tensorBytes)
        expect(end).toBeLessThanOrEqual(tensorBytes + rounding + table)
      }),
      { numRuns: 60 },
    )
  })

  it('has as many bytes as the writer says', async () => {
    await fc.assert(
      fc.asyncProperty(anyFile, async ({ model, quantization }) => {
        const { fileBytes, headerBytes, path: file } = await writeModelFile(options({ model, quantization }))
        const tensors = fileTensors({ model, quantization, described: model, layers: undefined })
        const last = tensors.at(-1)!
        expect((await stat(file)).size).toBe(fileBytes)
        expect(fileBytes).toBe(headerBytes + Math.ceil((last.offset + last.bytes) / 32) * 32)
        // The header has the file type beside the model's own metadata.
        expect(headerBytes).toBeGreaterThan(encodeHeader(modelMetadata(model), []).length)
      }),
      { numRuns: 8 },
    )
  })
})
