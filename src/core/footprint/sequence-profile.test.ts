import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { sequenceProfile, type SequenceShape } from '#core/footprint/sequence-profile.ts'
import type { Model } from '#core/model/model.ts'
import { bytesToGibibytes } from '#core/units/units.ts'

function model(id: string): Model {
  const found = shippedCatalogue.models.find((each) => each.id === id)
  if (!found) throw new Error(`no model ${id}`)
  return found
}

const SHAPE: SequenceShape = {
  contextTokens: 8192,
  users: 1,
  kvType: 'f16',
  flashAttention: true,
  depthTokens: 0,
}

function cacheMebibytes(id: string, change: Partial<SequenceShape>): number {
  return 1024 * bytesToGibibytes(sequenceProfile(model(id), { ...SHAPE, ...change }).cachePrefix.at(-1)!)
}

function stateMebibytes(id: string, users: number): number {
  return 1024 * bytesToGibibytes(sequenceProfile(model(id), { ...SHAPE, users }).statePrefix.at(-1)!)
}

describe('sequenceProfile', () => {
  it.each([
    // llama.cpp logs: "KV self size = 1024.00 MiB" for Llama 3 8B at 8,192, "2048.00 MiB" for Llama 2 7B at 4,096.
    ['meta-llama/Llama-3.1-8B-Instruct', { contextTokens: 8192 }, 1024],
    ['meta-llama/Llama-2-7b-chat-hf', { contextTokens: 4096 }, 2048],
    // gpt-oss-20b: 12 full layers of 8,192 cells (192 MiB) and 12 windowed ones of 768 (18 MiB), as logged.
    ['openai/gpt-oss-20b', { contextTokens: 8192 }, 192 + 18],
    // Latent attention: 61 layers of 512 + 64 elements, no V (llama-kv-cache.cpp, is_mla).
    ['deepseek-ai/DeepSeek-V3', { contextTokens: 4096 }, (61 * 576 * 4096 * 2) / 2 ** 20],
    // Gemma 4 E2B: of 35 layers the last 20 reuse a cache; 3 full with heads of 512, 12 windowed of 512 + 512 cells.
    ['google/gemma-4-E2B-it', { contextTokens: 8192 }, (3 * 8192 * 512 * 4 + 12 * 1024 * 256 * 4) / 2 ** 20],
    // llama.cpp keeps no window for the `llama` architecture: Mistral 7B v0.1 caches all 32,768 tokens.
    ['mistralai/Mistral-7B-Instruct-v0.1', { contextTokens: 32768 }, 4096],
    // Qwen3-Next: 12 of 48 layers have a cache, 2 heads of 256.
    ['Qwen/Qwen3-Next-80B-A3B-Instruct', { contextTokens: 8192 }, (12 * 8192 * 2 * 256 * 4) / 2 ** 20],
    // q8_0 holds 32 elements in 34 bytes.
    ['meta-llama/Llama-3.1-8B-Instruct', { contextTokens: 8192, kvType: 'q8_0' as const }, (1024 * 34) / 64],
  ])('%s %o: as llama.cpp allocates', (id, change, expected) => {
    expect(cacheMebibytes(id, change)).toBeCloseTo(expected, 6)
  })

  it.each([
    // Logged totals, the first two with what is probably the default of 4 slots.
    ['Qwen/Qwen3-Next-80B-A3B-Instruct', 4, 301],
    ['Qwen/Qwen3.5-35B-A3B', 4, 252],
    ['Qwen/Qwen3.5-27B', 1, 150],
  ])('%s keeps the logged recurrent state for %i sequences', (id, users, logged) => {
    expect(stateMebibytes(id, users) / logged).toBeCloseTo(1, 2)
  })

  it('leaves V at f16 without flash attention', () => {
    const id = 'meta-llama/Llama-3.1-8B-Instruct'
    expect(cacheMebibytes(id, { kvType: 'q8_0', flashAttention: false })).toBeCloseTo(512 + (512 * 34) / 64)
  })

  it('gives an encoder no cache', () => {
    expect(cacheMebibytes('BAAI/bge-m3', {})).toBe(0)
  })

  it('never shrinks with more context or users, never grows by quantizing', () => {
    const models = fc.constantFrom(...shippedCatalogue.models)
    const tokens = fc.integer({ min: 1, max: 200_000 })
    fc.assert(
      fc.property(models, tokens, tokens, fc.integer({ min: 1, max: 8 }), (each, a, b, users) => {
        const cache = (change: Partial<SequenceShape>) =>
          sequenceProfile(each, { ...SHAPE, ...change }).cachePrefix.at(-1)!
        const [short, long] = a < b ? [a, b] : [b, a]
        expect(cache({ contextTokens: long })).toBeGreaterThanOrEqual(cache({ contextTokens: short }))
        expect(cache({ contextTokens: a, users })).toBeCloseTo(users * cache({ contextTokens: a }), 0)
        const sizes = (['f16', 'q8_0', 'q4_0'] as const).map((kvType) => cache({ contextTokens: a, kvType }))
        expect(sizes).toEqual(sizes.toSorted((left, right) => right - left))
      }),
    )
  })
})
