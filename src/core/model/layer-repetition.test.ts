import { describe, expect, it } from 'vitest'
import { layerPlan } from '#core/model/layer-kind.ts'
import { layerRepetition } from '#core/model/layer-repetition.ts'
import type { Model } from '#core/model/model.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

function modelOf(id: string): Model {
  const model = shippedCatalogue.models.find((one) => one.id === id)
  if (model === undefined) throw new Error(`${id} is not in the catalogue`)
  return model
}

describe('layerRepetition', () => {
  it.each([
    // id, leading layers, period, regular, minimum
    ['meta-llama/Llama-3.1-8B-Instruct', 0, 1, true, 1],
    ['google/gemma-2-9b-it', 0, 2, true, 2],
    ['google/gemma-3-4b-it', 0, 6, true, 6],
    ['openai/gpt-oss-20b', 0, 2, true, 2],
    ['Qwen/Qwen3-Next-80B-A3B-Instruct', 0, 4, true, 4],
    ['meta-llama/Llama-4-Maverick-17B-128E-Instruct', 0, 4, true, 4],
    ['ai21labs/AI21-Jamba-1.5-Mini', 0, 8, true, 8],
    ['ibm-granite/granite-4.0-h-tiny', 0, 10, true, 10],
    // Three dense layers before the experts.
    ['deepseek-ai/DeepSeek-V3', 3, 1, true, 4],
    // Three layers routed by token id, then ratios 128 and 4 in turn.
    ['deepseek-ai/DeepSeek-V4-Flash', 3, 2, true, 5],
    // Fifteen layers with a K/V cache of their own, twenty that share it: one period of each.
    ['google/gemma-4-E2B-it', 0, 5, true, 10],
    // 10 convolutions and 6 attention layers, in no period.
    ['LiquidAI/LFM2-1.2B', 0, 8, false, 8],
    // 4 attention layers of 56.
    ['nvidia/NVIDIA-Nemotron-Nano-9B-v2', 0, 14, false, 14],
  ])('%s: %i leading, period %i', (id, leadingLayers, periodLayers, regular, minimumLayers) => {
    expect(layerRepetition(modelOf(id).architecture)).toMatchObject({
      leadingLayers,
      periodLayers,
      regular,
      minimumLayers,
    })
  })

  it('names a period after which kinds of layers repeat, for every model that has one', () => {
    for (const { architecture, id } of shippedCatalogue.models) {
      const { periodLayers, regular, runStarts } = layerRepetition(architecture)
      if (!regular) continue
      const { kindOfLayer } = layerPlan(architecture)
      runStarts.forEach((start, run) => {
        const end = runStarts[run + 1] ?? architecture.layers
        for (let layer = start; layer + periodLayers < end; layer += 1)
          expect(kindOfLayer[layer + periodLayers], `${id} layer ${layer}`).toBe(kindOfLayer[layer])
      })
    }
  })
})
