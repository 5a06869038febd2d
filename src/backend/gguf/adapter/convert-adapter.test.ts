import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adapterForEngine } from '#backend/gguf/adapter/adapter-for-engine.ts'
import { convertAdapter, reorderRows } from '#backend/gguf/adapter/convert-adapter.ts'
import { writeSafetensors, type TensorToWrite } from '#backend/gguf/adapter/testing/write-safetensors.ts'
import { encodeHeader } from '#backend/gguf/gguf-encoder.ts'
import { text, uint32 } from '#backend/gguf/metadata-entry.ts'
import { readModelHeader } from '#backend/library/read-model-header.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-adapter-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A base of two layers, hidden size 4, two heads of four rows and one key head. */
async function writeBase(architecture: string): Promise<string> {
  const file = path.join(folder, `${architecture}.gguf`)
  const header = encodeHeader(
    [
      text('general.architecture', architecture),
      uint32(`${architecture}.block_count`, 2),
      uint32(`${architecture}.embedding_length`, 4),
      uint32(`${architecture}.attention.head_count`, 2),
      uint32(`${architecture}.attention.head_count_kv`, 1),
    ],
    [{ name: 'token_embd.weight', shape: [4, 8], typeId: 0, offset: 0 }],
  )
  await writeFile(file, Buffer.concat([header, Buffer.alloc(128)]))
  return file
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

function matrices(module: string, outputs: number): readonly TensorToWrite[] {
  const name = `base_model.model.${module}`
  return [
    { name: `${name}.lora_A.weight`, shape: [1, 4], values: [1, 2, 3, 4] },
    { name: `${name}.lora_B.weight`, shape: [outputs, 1], values: range(outputs) },
  ]
}

async function writePeft(tensors: readonly TensorToWrite[], config: object = {}): Promise<string> {
  const source = path.join(folder, 'peft')
  await mkdir(source, { recursive: true })
  await writeSafetensors(path.join(source, 'adapter_model.safetensors'), tensors)
  const plain = { peft_type: 'LORA', r: 1, lora_alpha: 2 }
  await writeFile(path.join(source, 'adapter_config.json'), JSON.stringify({ ...plain, ...config }))
  return source
}

/** All numbers behind the header, each tensor padded to eight of them. */
async function numbersOf(file: string, count: number): Promise<readonly number[]> {
  const bytes = await readFile(file)
  const start = bytes.length - 4 * count
  return range(count).map((index) => bytes.readFloatLE(start + 4 * index))
}

describe('convertAdapter', () => {
  it('writes the rows of a query in the order of llama.cpp', async () => {
    const source = await writePeft(matrices('model.layers.1.self_attn.q_proj', 8))
    const outPath = path.join(folder, 'made', 'adapter.gguf')
    const made = await convertAdapter({ source, outPath, basePath: await writeBase('llama') })
    expect(made).toEqual({ path: outPath, rank: 1, alpha: 2, tensors: 2 })
    expect((await readModelHeader(outPath)).header).toMatchObject({ kind: 'adapter', architecture: 'llama' })
    // Two heads of four rows: of each the first and the second half in turn.
    expect(await numbersOf(outPath, 16)).toEqual([1, 2, 3, 4, 0, 0, 0, 0, 0, 2, 1, 3, 4, 6, 5, 7])
    expect(await readdir(path.dirname(outPath))).toEqual(['adapter.gguf'])
  })

  it('leaves the rows where the architecture keeps them', async () => {
    const source = await writePeft(matrices('model.layers.1.self_attn.q_proj', 8))
    const outPath = path.join(folder, 'adapter.gguf')
    await convertAdapter({ source, outPath, basePath: await writeBase('qwen3') })
    expect(await numbersOf(outPath, 8)).toEqual(range(8))
  })

  it('scales a rank-stabilized adapter by the root of its rank', async () => {
    const source = await writePeft(matrices('model.layers.0.mlp.up_proj', 8), { r: 16, use_rslora: true })
    const outPath = path.join(folder, 'adapter.gguf')
    const basePath = await writeBase('llama')
    expect(await convertAdapter({ source, outPath, basePath })).toMatchObject({ alpha: 8 })
  })

  it.each([
    ['embeddings', 'llama', 'model.embed_tokens', 'embed_tokens'],
    ['a layer the base lacks', 'llama', 'model.layers.2.mlp.up_proj', 'layers.2'],
    ['an architecture it does not know', 'mamba', 'model.layers.0.mlp.up_proj', 'mamba'],
  ])('refuses %s by name', async (_, architecture, module, name) => {
    const source = await writePeft(matrices(module, 8))
    const basePath = await writeBase(architecture)
    const outPath = path.join(folder, 'out', 'adapter.gguf')
    await expect(convertAdapter({ source, outPath, basePath })).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining(name),
    })
  })

  it('refuses half a pair, and sizes that do not belong together', async () => {
    const [a, b] = matrices('model.layers.0.self_attn.q_proj', 6)
    const basePath = await writeBase('llama')
    for (const tensors of [[a], [a, b]]) {
      const source = await writePeft(tensors.filter((tensor) => tensor !== undefined))
      const made = convertAdapter({ source, outPath: path.join(folder, 'adapter.gguf'), basePath })
      await expect(made).rejects.toMatchObject({ code: 'FILE_INVALID' })
    }
  })

  it('leaves nothing behind when it is cancelled', async () => {
    const source = await writePeft(matrices('model.layers.0.mlp.up_proj', 8))
    const outPath = path.join(folder, 'out', 'adapter.gguf')
    const basePath = await writeBase('llama')
    const made = convertAdapter({ source, outPath, basePath, signal: AbortSignal.abort() })
    await expect(made).rejects.toThrow('abort')
    expect(await readdir(path.dirname(outPath))).toEqual([])
  })
})

describe('reorderRows', () => {
  it('moves whole rows', () => {
    const rows = Float32Array.from([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5])
    expect([...reorderRows(rows, 2, 1)]).toEqual([0, 0.5, 2, 2.5, 1, 1.5, 3, 3.5])
  })
})

describe('adapterForEngine', () => {
  it('converts once, and again when the adapter has changed', async () => {
    const basePath = await writeBase('llama')
    const source = await writePeft(matrices('model.layers.0.mlp.up_proj', 8))
    const first = await adapterForEngine(source, { basePath, userFolder: folder })
    const weights = path.join(source, 'adapter_model.safetensors')
    expect(await adapterForEngine(weights, { basePath, userFolder: folder })).toBe(first)
    await writePeft(matrices('model.layers.0.mlp.up_proj', 8), { lora_alpha: 4 })
    expect(await adapterForEngine(source, { basePath, userFolder: folder })).not.toBe(first)
    expect(await readdir(path.join(folder, 'adapters'))).toHaveLength(2)
  })

  it('takes a GGUF adapter as it is, and only for its architecture', async () => {
    const basePath = await writeBase('llama')
    const source = await writePeft(matrices('model.layers.0.mlp.up_proj', 8))
    const adapter = await adapterForEngine(source, { basePath, userFolder: folder })
    expect(await adapterForEngine(adapter, { basePath, userFolder: folder })).toBe(adapter)
    const other = await writeBase('qwen3')
    const wrongBase = adapterForEngine(adapter, { basePath: other, userFolder: folder })
    await expect(wrongBase).rejects.toMatchObject({ code: 'FILE_INVALID' })
    const model = adapterForEngine(basePath, { basePath, userFolder: folder })
    await expect(model).rejects.toMatchObject({ message: 'llama.gguf is not a LoRA adapter.' })
  })

  it('says what is missing', async () => {
    const basePath = await writeBase('llama')
    const nothing = adapterForEngine(path.join(folder, 'no'), { basePath, userFolder: folder })
    await expect(nothing).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    await mkdir(path.join(folder, 'old'))
    await writeFile(path.join(folder, 'old', 'adapter_model.bin'), 'x')
    const pickle = adapterForEngine(path.join(folder, 'old'), { basePath, userFolder: folder })
    await expect(pickle).rejects.toMatchObject({ code: 'FILE_INVALID' })
  })
})
