import { describe, expect, it } from 'vitest'
import { layerPlan } from '#core/model/layer-kind.ts'
import { layerRepetition } from '#core/model/layer-repetition.ts'
import type { Model } from '#core/model/model.ts'
import { shallowModel } from '#core/model/shallow-model.ts'
import { chooseLayers } from '#core/quant/choose-layers.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import { weightsOf } from '#core/quant/weights.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

function modelOf(id: string): Model {
  const model = shippedCatalogue.models.find((one) => one.id === id)
  if (model === undefined) throw new Error(`${id} is not in the catalogue`)
  return model
}

function quantizationOf(id: string): Quantization {
  const quantization = shippedCatalogue.quantizations.find((one) => one.id === id)
  if (quantization === undefined) throw new Error(`${id} is not in the catalogue`)
  return quantization
}

const q4 = quantizationOf('Q4_K_M')

/** Two depths a dry run compares: they differ by two periods. */
function twoDepths({ architecture }: Model): readonly [number, number] {
  const { minimumLayers, periodLayers } = layerRepetition(architecture)
  return [minimumLayers, minimumLayers + 2 * periodLayers]
}

function meanBytes(model: Model, quantization: Quantization, layers: readonly number[]): number {
  const { layerBytes } = weightsOf(model, quantization)
  return layers.reduce((sum, layer) => sum + (layerBytes[layer] ?? 0), 0) / layers.length
}

describe('chooseLayers', () => {
  it('keeps the leading layers and whole periods, spread over the model', () => {
    // Every third layer has a wider type under Q4_K_M; 4 of 32 layers can hold it twice, as 16 of 32 do.
    const llama = chooseLayers(modelOf('meta-llama/Llama-3.1-8B-Instruct'), q4, 4)
    expect(llama).toHaveLength(4)
    expect(llama.map((layer) => Math.floor(layer / 8))).toEqual([0, 1, 2, 3])
    expect(chooseLayers(modelOf('deepseek-ai/DeepSeek-V3'), q4, 5).slice(0, 3)).toEqual([0, 1, 2])
    const gemma = chooseLayers(modelOf('google/gemma-3-4b-it'), q4, 6)
    expect(gemma[0]! % 6).toBe(0)
    expect(gemma).toEqual(Array.from({ length: 6 }, (_, at) => gemma[0]! + at))
  })

  it('rounds to what has every kind, and keeps all layers where all are asked for', () => {
    const gemma = modelOf('google/gemma-3-4b-it')
    expect(chooseLayers(gemma, q4, 1)).toHaveLength(6)
    expect(chooseLayers(gemma, q4, 11)).toHaveLength(6)
    expect(chooseLayers(gemma, q4, 34)).toEqual(Array.from({ length: 34 }, (_, layer) => layer))
  })

  it('avoids the depths at which llama.cpp takes a DeepSeek for its Lite', () => {
    const flash = modelOf('zai-org/GLM-4.7-Flash')
    expect(chooseLayers(flash, q4, 27)).toHaveLength(25)
    expect(chooseLayers(flash, q4, 28)).toHaveLength(28)
  })

  it('weighs per layer what the whole model does, for every model', () => {
    const errors = shippedCatalogue.models.flatMap((model) => {
      const { leadingLayers } = layerRepetition(model.architecture)
      const [, deep] = twoDepths(model)
      const body = (layers: readonly number[]): readonly number[] =>
        layers.filter((layer) => layer >= leadingLayers)
      const all = body(Array.from({ length: model.architecture.layers }, (_, layer) => layer))
      return ['Q4_K_M', 'Q2_K', 'Q8_0'].map((id) => {
        const quantization = quantizationOf(id)
        const kept = body(chooseLayers(model, quantization, deep))
        return Math.abs(meanBytes(model, quantization, kept) / meanBytes(model, quantization, all) - 1)
      })
    })
    errors.sort((a, b) => a - b)
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.01)
    // Gemma 4 E2B is the worst: its layers without a cache of their own are twice as wide.
    expect(errors.at(-1)).toBeLessThan(0.06)
  })

  it('picks layers that a shallow model keeps the kinds of, at both depths of a dry run', () => {
    for (const model of shippedCatalogue.models)
      for (const depth of twoDepths(model)) {
        const kept = chooseLayers(model, q4, depth)
        const shallow = shallowModel(model, kept).architecture
        const kindAt = ({ kindOfLayer, kinds }: ReturnType<typeof layerPlan>, layer: number) =>
          kinds[kindOfLayer[layer]!]
        const whole = layerPlan(model.architecture)
        expect([model.id, ...kept.map((_, at) => kindAt(layerPlan(shallow), at))]).toEqual([
          model.id,
          ...kept.map((layer) => kindAt(whole, layer)),
        ])
      }
  })
})

describe('shallowModel', () => {
  it('counts what it keeps', () => {
    const model = modelOf('nvidia/NVIDIA-Nemotron-Nano-9B-v2')
    const shallow = shallowModel(model, chooseLayers(model, q4, 14))
    expect(shallow.architecture).toMatchObject({
      layers: 14,
      hidden: model.architecture.hidden,
      vocabulary: model.architecture.vocabulary,
      predictionLayers: 0,
    })
    const { attention, mamba, mlp, moe } = shallow.architecture.blockTypes!
    expect([attention, mamba + mlp, moe]).toEqual([1, 13, 0])
    expect(shallow.architecture.layerPattern).toHaveLength(14)
  })

  it('keeps the layers that share a cache shared', () => {
    const model = modelOf('google/gemma-4-E2B-it')
    const shallow = shallowModel(model, chooseLayers(model, q4, 10)).architecture
    expect(shallow.attention.kvSharedLayers).toBe(5)
    expect(shallow.ffnWideLayers).toBe(5)
  })

  it('refuses layers whose kinds would change with their place', () => {
    expect(() => shallowModel(modelOf('google/gemma-3-4b-it'), [5, 6, 7])).toThrow('cannot stand for')
  })
})
