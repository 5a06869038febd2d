import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileTensors, type FileTensor } from '#backend/gguf/file-tensors.ts'
import { routingTensors } from '#backend/gguf/routing-tensors.ts'
import { isWritableQuantization } from '#backend/gguf/writable.ts'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import type { Model } from '#core/model/model.ts'
import { shallowModel } from '#core/model/shallow-model.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

const { models, quantizations } = shippedCatalogue
const q4 = quantizations.find(({ id }) => id === 'Q4_K_M')!
const words = { first: 260, count: 256 }

function modelOf(id: string): Model {
  const model = models.find((each) => each.id === id)
  if (model === undefined) throw new Error(`no ${id}`)
  return model
}

const tensorsOf = (model: Model, quantization = q4, layers?: readonly number[]) =>
  fileTensors({
    model,
    quantization,
    described: layers === undefined ? model : shallowModel(model, layers),
    layers,
  })

const qwen = modelOf('Qwen/Qwen3-30B-A3B')
const twoLayers = [0, 1]

describe('routingTensors', () => {
  it('takes norms, routers and the embeddings of some words', () => {
    const all = tensorsOf(qwen, q4, twoLayers)
    const routing = routingTensors(all, words)
    expect(new Set(routing.map(({ role }) => role))).toEqual(new Set(['norm', 'router', 'token_embedding']))
    // One router a layer.
    expect(routing.filter(({ role }) => role === 'router')).toHaveLength(2)
    const table = all.find(({ role }) => role === 'token_embedding')!
    const rows = routing.find(({ role }) => role === 'token_embedding')!
    // Qwen3's vocabulary has 151,936 rows (config.json), of which 256 are written from the 261st on.
    expect(rows.bytes).toBe((table.bytes / 151_936) * 256)
    expect(rows.offset - table.offset).toBe((table.bytes / 151_936) * 260)
  })

  it('stays inside each tensor, at whole blocks, for every mixture and format', () => {
    const mixtures = models.filter(
      ({ architecture }) => architecture.moe !== null && architecture.gguf !== null,
    )
    expect(mixtures.length).toBeGreaterThan(10)
    for (const model of mixtures)
      for (const quantization of quantizations.filter(isWritableQuantization).slice(0, 6)) {
        const all = new Map(tensorsOf(model, quantization).map((tensor) => [tensor.name, tensor]))
        for (const part of routingTensors([...all.values()], words)) {
          const whole = all.get(part.name)!
          expect(part.offset).toBeGreaterThanOrEqual(whole.offset)
          expect(part.offset + part.bytes).toBeLessThanOrEqual(whole.offset + whole.bytes)
          expect(part.bytes).toBeGreaterThan(0)
          expect((part.offset - whole.offset) % whole.type.blockBytes).toBe(0)
        }
      }
  })

  it('takes what there is of a small vocabulary', () => {
    const table = tensorsOf(qwen, q4, twoLayers).find(({ role }) => role === 'token_embedding')!
    const [rows] = routingTensors([table], { first: 151_900, count: 256 })
    expect(rows!.bytes).toBe((table.bytes / 151_936) * 36)
    expect(rows!.offset + rows!.bytes).toBe(table.offset + table.bytes)
  })
})

describe('a mixture written without its weights', () => {
  let folder: string
  let file: FileHandle
  let headerBytes: number
  const tensors = tensorsOf(qwen, q4, twoLayers)

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'inhouse-routing-'))
    const target = path.join(folder, 'mixture.gguf')
    const options = { model: qwen, quantization: q4, layers: twoLayers, path: target }
    const written = await writeModelFile({ ...options, fill: 'sparse', routedWords: words })
    headerBytes = written.headerBytes
    file = await open(target)
  })
  afterAll(async () => {
    await file.close()
    await rm(folder, { recursive: true })
  })

  /** The share of bytes of a part of a tensor that are not zero, of its first 64 KiB. */
  async function written(tensor: FileTensor, from = 0): Promise<number> {
    const length = Math.min(64 * 1024, tensor.bytes - from)
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, headerBytes + tensor.offset + from)
    return buffer.filter((byte) => byte !== 0).length / length
  }

  it('has real norms and routers', async () => {
    const some = tensors.filter(({ role }) => role === 'norm' || role === 'router')
    expect(some.length).toBeGreaterThan(6)
    // A norm of 1.0 is 00 00 80 3f: half of its bytes are zero all the same.
    for (const tensor of some) expect(await written(tensor)).toBeGreaterThan(0.4)
  })

  it('has no experts, and no other weights', async () => {
    const empty = tensors.filter(({ role }) => !['norm', 'router', 'token_embedding'].includes(role))
    expect(empty.some(({ name }) => name.includes('exps'))).toBe(true)
    for (const tensor of empty) expect(await written(tensor)).toBe(0)
  })

  it('has the embeddings of the words that are fed, and of no others', async () => {
    const table = tensors.find(({ role }) => role === 'token_embedding')!
    const rowBytes = table.bytes / 151_936
    expect(await written(table, 260 * rowBytes)).toBeGreaterThan(0.5)
    expect(await written(table, (260 + 256) * rowBytes)).toBe(0)
    const before = Buffer.alloc(260 * rowBytes)
    await file.read(before, 0, before.length, headerBytes + table.offset)
    expect(before.every((byte) => byte === 0)).toBe(true)
  })
})
