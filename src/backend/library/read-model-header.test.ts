import { copyFile, mkdtemp, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readGgufFileInfo } from 'node-llama-cpp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { readModelHeader } from '#backend/library/read-model-header.ts'
import { matchModel } from '#core/library/match-model.ts'
import type { Model } from '#core/model/model.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

const { models, quantizations } = shippedCatalogue
const writable = models.filter(({ architecture }) => architecture.gguf !== null)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-header-'))
})
afterAll(() => rm(folder, { recursive: true }))

function modelOf(id: string): Model {
  return models.find((model) => model.id === id)!
}

async function written(model: Model, quantizationId: string, vocabulary: 'words' | 'none'): Promise<string> {
  const file = path.join(folder, `${model.id.replace('/', '--')}-${quantizationId}.gguf`)
  const quantization = quantizations.find(({ id }) => id === quantizationId)!
  await writeModelFile({ model, quantization, path: file, fill: 'sparse', vocabulary })
  return file
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function uint64(value: number): Buffer {
  return Buffer.concat([uint32(value), uint32(0)])
}

describe('readModelHeader', () => {
  it.each(writable.map((model) => [model.id, model] as const))('knows the shape of %s', async (_, model) => {
    const file = await written(model, 'Q4_K_M', 'none')
    const { header, fileBytes } = await readModelHeader(file)
    expect(fileBytes).toBe((await stat(file)).size)
    expect(header).toMatchObject({
      kind: 'model',
      architecture: model.architecture.gguf,
      contextTokens: model.architecture.contextTokens,
      quantizationId: 'Q4_K_M',
    })
    // By shape alone it may be a sibling of the very same sizes.
    const match = matchModel({ ...header, name: model.name, hasChatTemplate: true }, models)
    expect(match).toEqual({ modelId: model.id, matchedBy: 'name' })
    expect(matchModel(header, models)?.matchedBy).toBe('shape')
    await rm(file)
  })

  it.each(['F16', 'BF16', 'Q8_0', 'Q5_0', 'Q4_K_S', 'Q3_K_L', 'IQ4_XS', 'IQ2_M', 'IQ1_S'])(
    'tells %s',
    async (id) => {
      const file = await written(modelOf('HuggingFaceTB/SmolLM2-1.7B-Instruct'), id, 'none')
      expect((await readModelHeader(file)).header.quantizationId).toBe(id)
    },
  )

  it('reads what node-llama-cpp reads, words stepped over', async () => {
    const model = modelOf('Qwen/Qwen3-0.6B')
    const file = await written(model, 'Q4_K_M', 'words')
    const { header, fileBytes } = await readModelHeader(file)
    const theirs = await readGgufFileInfo(file)
    const metadata = theirs.metadata as unknown as Record<string, Record<string, unknown>>
    const own = metadata['qwen3'] as { attention: Record<string, number> } & Record<string, unknown>
    expect(header).toMatchObject({
      architecture: theirs.metadata.general.architecture,
      name: theirs.metadata.general.name,
      contextTokens: own['context_length'],
      shape: {
        layers: own['block_count'],
        hidden: own['embedding_length'],
        heads: own.attention['head_count'],
        kvHeads: own.attention['head_count_kv'],
        ffn: own['feed_forward_length'],
        vocabulary: theirs.metadata.tokenizer.ggml.tokens.length,
      },
    })
    const elements = theirs.fullTensorInfo!.map(({ dimensions }) =>
      dimensions.reduce<number>((product, size) => product * Number(size), 1),
    )
    expect(header.parameters).toBe(elements.reduce((sum, count) => sum + count, 0))
    expect(fileBytes).toBe((await stat(file)).size)
  })

  it('says how much of a file that was cut short is missing', async () => {
    const file = await written(modelOf('Qwen/Qwen3-0.6B'), 'Q8_0', 'none')
    const { size } = await stat(file)
    await truncate(file, size - 1000)
    await expect(readModelHeader(file)).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringMatching(/cut short: \d+ of its \d+ bytes are missing/),
    })
    await truncate(file, 5000)
    await expect(readModelHeader(file)).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining('in the middle of its header'),
    })
  })

  it('takes a vocabulary without weights for no model', async () => {
    const file = path.join(folder, 'words.gguf')
    const key = (name: string, value: Buffer) =>
      Buffer.concat([uint64(name.length), Buffer.from(name), value])
    const text = (value: string) => Buffer.concat([uint32(8), uint64(value.length), Buffer.from(value)])
    const header = [
      Buffer.from('GGUF'),
      uint32(3),
      uint64(0),
      uint64(3),
      key('general.architecture', text('llama')),
      key('llama.block_count', Buffer.concat([uint32(4), uint32(32)])),
      key('llama.context_length', Buffer.concat([uint32(10), uint64(4096)])),
    ]
    await writeFile(file, Buffer.concat(header))
    expect((await readModelHeader(file)).header).toMatchObject({
      kind: 'other',
      architecture: 'llama',
      contextTokens: 4096,
      quantizationName: 'not stated',
      shape: { layers: 32 },
    })
  })

  it.each([
    ['empty', '', 'it is empty'],
    ['text', 'just some words that are no model', 'not a GGUF file'],
    ['three letters', 'GGU', 'not a GGUF file'],
  ])('refuses what is no model: %s', async (name, content, reason) => {
    const file = path.join(folder, `${name}.gguf`)
    await writeFile(file, content)
    await expect(readModelHeader(file)).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining(reason),
    })
  })

  it('never waits for a device, a folder or a loop of links', async () => {
    const loop = path.join(folder, 'loop.gguf')
    await symlink(loop, loop)
    await expect(readModelHeader(loop)).rejects.toMatchObject({ code: 'FILE_INVALID' })
    await expect(readModelHeader(folder)).rejects.toMatchObject({ code: 'FILE_INVALID' })
    await expect(readModelHeader(path.join(folder, 'none.gguf'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    })
  })

  it.skipIf(process.platform === 'win32')('never waits for a device', async () => {
    await expect(readModelHeader('/dev/zero')).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining('a pipe or a device'),
    })
  })

  it('takes the parts of a sharded model together, named by any of them', async () => {
    const whole = await written(modelOf('HuggingFaceTB/SmolLM2-135M-Instruct'), 'Q8_0', 'none')
    const shard = (number: number) => path.join(folder, `parts-0000${number}-of-00002.gguf`)
    await copyFile(whole, shard(2))
    await expect(readModelHeader(shard(2))).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining('part 1 of 2'),
    })
    await copyFile(whole, shard(1))
    const one = await readModelHeader(whole)
    const both = await readModelHeader(shard(2))
    expect(both.shards).toEqual([shard(1), shard(2)])
    expect(both.fileBytes).toBe(2 * one.fileBytes)
    expect(both.header.parameters).toBe(2 * one.header.parameters)
  })
})
