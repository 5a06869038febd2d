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
    // llama.cpp's logs at a micro-batch of 512: "CUDA0 compute buffer size", on an Apple M3 "Metal compute buffer size".
    ['Qwen/Qwen3.5-27B', 8192, true, 505],
    ['meta-llama/Llama-3.1-8B-Instruct', 2048, false, 258.5],
  ] as const)(
    '%s on a card at %i, flash attention %o: within 2.5 %% of the logged %d MiB',
    (id, contextTokens, flashAttention, logged) => {
      const shape = {
        contextTokens,
        flashAttention,
        kvType: 'f16' as const,
        holdsOutput: true,
        holdsInput: false,
      }
      expect(
        Math.abs(deviceComputeBytes(architecture(id), shape) / mebibytesToBytes(logged) - 1),
      ).toBeLessThan(0.025)
    },
  )

  it.each([
    // The allocator of llama.cpp v0.5.0 (node-llama-cpp 3.22.1) on the CPU at 512 tokens a micro-batch, as it logs it.
    ['meta-llama/Llama-3.2-1B-Instruct', 8192, true, 258.5],
    ['meta-llama/Llama-3.1-8B-Instruct', 131_072, true, 266.5],
    ['mistralai/Mistral-7B-Instruct-v0.1', 32_768, true, 148.01],
    ['mistralai/Mistral-Nemo-Instruct-2407', 8192, true, 322.01],
    ['meta-llama/Llama-3.1-8B-Instruct', 8192, false, 572.01],
    ['HuggingFaceTB/SmolLM2-360M-Instruct', 8192, false, 266.63],
    ['meta-llama/Llama-3.1-405B-Instruct', 32_768, false, 8420.01],
    ['BAAI/bge-m3', 8192, false, 29.01],
    ['BAAI/bge-m3', 8192, true, 14.51],
    ['deepseek-ai/DeepSeek-V3', 32_768, false, 8648.01],
    ['deepseek-ai/DeepSeek-V3', 8192, true, 416.01],
    ['tiiuae/falcon-7b-instruct', 2048, false, 332.88],
  ] as const)(
    '%s at %i, flash attention %o: %d MiB, as the allocator says',
    (id, contextTokens, flashAttention, exact) => {
      const shape = {
        contextTokens,
        flashAttention,
        kvType: 'f16' as const,
        holdsOutput: true,
        holdsInput: true,
      }
      expect(deviceComputeBytes(architecture(id), shape) / mebibytesToBytes(1)).toBeCloseTo(exact, 1)
    },
  )

  it('shrinks with a longer context where the allocator leaves fewer gaps, as that of llama.cpp does', () => {
    // v0.5.0 asked for Mistral Nemo on the CPU: 322.01 MiB at 8,192 tokens, 276.00 at 12,288.
    const sizes = [8192, 12_288].map((contextTokens) => {
      const shape = {
        contextTokens,
        flashAttention: true,
        kvType: 'f16',
        holdsOutput: true,
        holdsInput: true,
      } as const
      return (
        deviceComputeBytes(architecture('mistralai/Mistral-Nemo-Instruct-2407'), shape) / mebibytesToBytes(1)
      )
    })
    expect(sizes[0]).toBeCloseTo(322.01, 1)
    expect(sizes[1]).toBeCloseTo(276, 1)
  })

  it('asks no logits of an encoder', () => {
    const shape = {
      contextTokens: 512,
      flashAttention: true,
      kvType: 'f16' as const,
      holdsOutput: true,
      holdsInput: true,
    }
    expect(deviceComputeBytes(architecture('BAAI/bge-m3'), shape)).toBeLessThan(mebibytesToBytes(64))
  })
})
