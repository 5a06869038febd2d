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

const withOutput = { flashAttention: true, holdsOutput: true }

describe('deviceComputeBytes', () => {
  it.each([
    // llama.cpp logs with flash attention at a micro-batch of 512: "CUDA0 compute buffer size".
    ['meta-llama/Llama-3.1-8B-Instruct', 258.5],
    ['Qwen/Qwen3.5-27B', 505],
  ])('%s is within 3 %% of the logged %d MiB', (id, logged) => {
    const bytes = deviceComputeBytes(architecture(id), { contextTokens: 8192, ...withOutput })
    expect(Math.abs(bytes / mebibytesToBytes(logged) - 1)).toBeLessThan(0.03)
  })

  it('grows with the context only where attention decides', () => {
    const of = (contextTokens: number, flashAttention: boolean) =>
      deviceComputeBytes(architecture('meta-llama/Llama-3.1-8B-Instruct'), {
        contextTokens,
        flashAttention,
        holdsOutput: true,
      })
    expect(of(4096, true)).toBe(of(16_384, true))
    expect(of(131_072, true)).toBeLessThan(of(1_000_000, true))
    // Scores of 32 heads over 16,384 cells at 512 tokens are already 1 GiB.
    expect(of(16_384, false)).toBeGreaterThan(2 ** 30)
  })
})
