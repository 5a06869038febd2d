import { describe, expect, it } from 'vitest'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { deviceComputeBytes } from '#core/footprint/compute-buffers.ts'
import type { Architecture } from '#core/model/model.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

function architecture(id: string): Architecture {
  const found = shippedCatalogue.models.find((model) => model.id === id)
  if (!found) throw new Error(`no model ${id}`)
  return found.architecture
}

describe('deviceComputeBytes', () => {
  it.each([
    // llama.cpp logs with flash attention at a micro-batch of 512: "CUDA0 compute buffer size".
    ['Qwen/Qwen3.5-27B', 505],
  ])('%s on a card is within 2.5 %% of the logged %d MiB', (id, logged) => {
    const shape = { contextTokens: 8192, flashAttention: true, holdsOutput: true, holdsInput: false }
    expect(Math.abs(deviceComputeBytes(architecture(id), shape) / mebibytesToBytes(logged) - 1)).toBeLessThan(
      0.025,
    )
  })

  it.each([
    // What llama.cpp v0.5.0's allocator asks for on the CPU, less the cache, for a header-only file of the model.
    ['meta-llama/Llama-3.2-1B-Instruct', 8192, true, 258.5, 0.002],
    ['meta-llama/Llama-3.1-8B-Instruct', 131_072, true, 266.5, 0.002],
    ['Qwen/Qwen2.5-7B-Instruct', 8192, true, 311, 0.002],
    ['Qwen/Qwen3-30B-A3B', 32_768, true, 304.8, 0.002],
    ['mistralai/Mistral-7B-Instruct-v0.1', 8192, true, 124.3, 0.01],
    ['mistralai/Mistral-7B-Instruct-v0.1', 32_768, true, 148.3, 0.01],
    ['google/gemma-2-9b-it', 8192, true, 557, 0.05],
    ['openai/gpt-oss-20b', 8192, true, 436.1, 0.05],
    ['meta-llama/Llama-3.1-8B-Instruct', 8192, false, 572, 0.002],
    ['Qwen/Qwen3-30B-A3B', 8192, false, 558, 0.002],
    ['HuggingFaceTB/SmolLM2-360M-Instruct', 8192, false, 266.6, 0.002],
    ['openai/gpt-oss-20b', 8192, false, 1080.5, 0.01],
  ] as const)(
    '%s at %i, flash attention %o: %d MiB by the allocator',
    (id, contextTokens, flashAttention, exact, error) => {
      const shape = { contextTokens, flashAttention, holdsOutput: true, holdsInput: true }
      expect(
        Math.abs(deviceComputeBytes(architecture(id), shape) / mebibytesToBytes(exact) - 1),
      ).toBeLessThan(error)
    },
  )

  it('asks no logits of an encoder', () => {
    const shape = { contextTokens: 512, flashAttention: true, holdsOutput: true, holdsInput: true }
    expect(deviceComputeBytes(architecture('BAAI/bge-m3'), shape)).toBeLessThan(mebibytesToBytes(64))
  })
})
