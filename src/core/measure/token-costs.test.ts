import { describe, expect, it } from 'vitest'
import { cataloguePlan } from '../../../test/catalogue-plan.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'
import { sumOfLayers, tokenCosts } from '#core/measure/token-costs.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import { weightsOf } from '#core/quant/weights.ts'

const machine = whatIfMachine(['none'], 64)

function costsOf(modelId: string) {
  const request = cataloguePlan(machine, modelId)
  const weights = weightsOf(request.model, request.quantization)
  return { costs: tokenCosts(planNumbers(request, shippedCatalogue.speedModel)), weights, request }
}

describe('tokenCosts', () => {
  it.each([
    'meta-llama/Llama-3.1-8B-Instruct',
    'Qwen/Qwen3-30B-A3B',
    'google/gemma-3n-E4B-it',
    'ibm-granite/granite-4.0-h-tiny',
  ])('shares out all of %s', (modelId) => {
    const { costs, weights } = costsOf(modelId)
    const stored = sumOfLayers(costs.storedBytes, null) + costs.outsideBytes
    expect(stored).toBeCloseTo(weights.tensorBytes - weights.predictionBytes, 0)
    const read = weights.readBytesPerToken + weights.readExpertBytesPerToken
    expect(costs.allDecodeBytes / read).toBeCloseTo(1, 9)
    expect(sumOfLayers(costs.decodeBytes, null) + costs.outputBytes).toBeCloseTo(costs.allDecodeBytes, 0)
    expect(costs.outsideBytes).toBeGreaterThan(0)
  })

  it('reads of a mixture only the experts that a token chooses', () => {
    const { costs, weights, request } = costsOf('Qwen/Qwen3-30B-A3B')
    const { activeExperts, experts } = request.model.architecture.moe!
    // 8 of 128 experts (config.json), and all else.
    expect(
      costs.decodeBytes[5]! /
        (weights.layerBytes[5]! + (weights.layerExpertBytes[5]! * activeExperts) / experts),
    ).toBeCloseTo(1, 9)
    expect(costs.decodeBytes[5]!).toBeLessThan(costs.storedBytes[5]! / 4)
  })

  it('reads every byte of a dense layer', () => {
    const { costs } = costsOf('meta-llama/Llama-3.1-8B-Instruct')
    costs.decodeBytes.forEach((bytes, layer) => expect(bytes / costs.storedBytes[layer]!).toBeCloseTo(1, 9))
  })
})

describe('sumOfLayers', () => {
  it.each([
    [null, 15],
    [[], 0],
    [[0, 3], 9],
    [[0, 1, 2, 3], 15],
  ])('of layers %o is %i', (layers, expected) => {
    expect(sumOfLayers(Float64Array.of(1, 2, 4, 8), layers)).toBe(expected)
  })
})
