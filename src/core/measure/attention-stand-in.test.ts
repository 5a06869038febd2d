import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { attendedTokens, attentionStandIn, STAND_IN_LAYERS } from '#core/measure/attention-stand-in.ts'
import type { Model } from '#core/model/model.ts'

const { models } = shippedCatalogue

function modelOf(id: string): Model {
  const model = models.find((each) => each.id === id)
  if (model === undefined) throw new Error(`no ${id}`)
  return model
}

const attended = (id: string, depthTokens: number) => attendedTokens(modelOf(id).architecture, depthTokens)

describe('attendedTokens', () => {
  it.each([
    // By hand from each config.json. Llama 3.1 8B: 32 layers, each sees all.
    ['meta-llama/Llama-3.1-8B-Instruct', 1000, 32 * 1000],
    // Gemma 3 1B: 26 layers, every 6th of them global (4), the other 22 see 512 tokens.
    ['google/gemma-3-1b-it', 4096, 4 * 4096 + 22 * 512],
    ['google/gemma-3-1b-it', 300, 26 * 300],
    // Gemma 3 12B: 48 layers, 8 global, window 1024.
    ['google/gemma-3-12b-it', 8192, 8 * 8192 + 40 * 1024],
    // Granite 4.0 H: 40 layers of which 4 attend, the rest is Mamba.
    ['ibm-granite/granite-4.0-h-micro', 4096, 4 * 4096],
    // Mistral 7B v0.1 has a window of 4096 that llama.cpp does not heed: all 32 layers see everything.
    ['mistralai/Mistral-7B-Instruct-v0.1', 8192, 32 * 8192],
    // Gemma 3n E4B: 35 layers, every 5th global (7), the others see 512, and layers without a cache of their own read
    // an earlier one's all the same.
    ['google/gemma-3n-E4B-it', 4096, 7 * 4096 + 28 * 512],
    // An encoder reads a text at once and decodes nothing.
    ['BAAI/bge-m3', 4096, 0],
    ['meta-llama/Llama-3.1-8B-Instruct', 0, 0],
  ])('%s at %i tokens: %i', (id, depthTokens, expected) => {
    expect(attended(id, depthTokens)).toBe(expected)
  })

  it('never falls with the depth and never exceeds every layer seeing everything', () => {
    const depth = fc.integer({ min: 0, max: 200_000 })
    fc.assert(
      fc.property(fc.constantFrom(...models), depth, depth, ({ architecture }, one, other) => {
        const least = attendedTokens(architecture, Math.min(one, other))
        const most = attendedTokens(architecture, Math.max(one, other))
        expect(least).toBeLessThanOrEqual(most)
        // DeepSeek V4 sees its window and, besides, one entry for every 4 or 128 tokens.
        const perLayer = architecture.attention.compressed === null ? 1 : 1.25
        expect(most).toBeLessThanOrEqual(perLayer * architecture.layers * Math.max(one, other))
      }),
      { numRuns: 300 },
    )
  })
})

describe('attentionStandIn', () => {
  it('has the attention of the model and next to nothing else', () => {
    const model = modelOf('meta-llama/Llama-3.1-8B-Instruct')
    const standIn = attentionStandIn(model)!.architecture
    // 32 heads, 8 key-value heads of 128: Llama 3.1 8B's config.json.
    expect(standIn).toMatchObject({ heads: 32, kvHeads: 8, headDimension: 128, layers: STAND_IN_LAYERS })
    expect(standIn.hidden).toBeLessThan(model.architecture.hidden / 8)
    expect(standIn.ffn!).toBeLessThan(model.architecture.ffn! / 8)
    expect(attendedTokens(standIn, 1000)).toBe(STAND_IN_LAYERS * 1000)
  })

  it('stands in for latent attention with one head as wide as the latent row', () => {
    // DeepSeek V3: kv_lora_rank 512, qk_rope_head_dim 64.
    const standIn = attentionStandIn(modelOf('deepseek-ai/DeepSeek-V3'))!.architecture
    expect(standIn).toMatchObject({ kvHeads: 1, headDimension: 576 })
  })

  it('is there for every model whose decoding slows down with the context, and for no other', () => {
    const slows = ({ architecture }: Model) =>
      architecture.tokenTypes === null && attendedTokens(architecture, 1e6) > 0
    const named = (all: readonly Model[]) => all.map(({ id }) => id)
    expect(named(models.filter((model) => attentionStandIn(model) !== null))).toEqual(
      named(models.filter(slows)),
    )
    expect(attentionStandIn(modelOf('BAAI/bge-m3'))).toBeNull()
  })

  it('has a name of its own, and heads that share keys and values evenly', () => {
    for (const model of models) {
      const standIn = attentionStandIn(model)
      if (standIn === null) continue
      expect(standIn.id).not.toBe(model.id)
      expect(standIn.architecture.heads % standIn.architecture.kvHeads).toBe(0)
    }
  })
})
