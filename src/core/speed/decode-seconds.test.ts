import { describe, expect, it } from 'vitest'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'
import type { Machine } from '#core/machine/machine.ts'
import { planNumbers, type PlanNumbers } from '#core/plan/plan-numbers.ts'
import { decodeSeconds } from '#core/speed/decode-seconds.ts'
import { decodeIntervalClass } from '#core/speed/interval-class.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'

const { models, quantizations, speedModel } = shippedCatalogue

interface Planned {
  readonly model: string
  readonly quantization: string
  readonly machine: Machine
  readonly coefficients?: SpeedModel
}

/** A plan with an empty cache, so that only weights and fixed times are left. */
function planned({ model, quantization, machine, coefficients = speedModel }: Planned): PlanNumbers {
  const found = models.find(({ id }) => id === model)
  const format = quantizations.find(({ id }) => id === quantization)
  if (found === undefined || format === undefined) throw new Error(`no ${model} at ${quantization}`)
  return planNumbers(
    {
      machine,
      model: found,
      quantization: format,
      contextTokens: 4096,
      users: 1,
      kvType: 'f16',
      engine: 'llama.cpp',
      depthTokens: 0,
    },
    coefficients,
  )
}

function stepSeconds({ terms, candidate }: PlanNumbers, streams: number): number {
  return decodeSeconds(terms, candidate.layout, streams)
}

describe('decodeSeconds', () => {
  it('reads more experts for two streams than for one, as many as differ by chance', () => {
    const machine = whatIfMachine(['H100 SXM'], 256)
    const mixture = planned({ model: 'Qwen/Qwen3-30B-A3B', quantization: 'Q4_K_M', machine })
    const more = stepSeconds(mixture, 2) - stepSeconds(mixture, 1)
    // 8 of 128 experts each: 1 − (1 − 1/16)² of them together, 1.9375 times those of one stream.
    const { readExpertBytesPerToken } = mixture.terms.weights.weights
    const bandwidth = machine.accelerators[0]?.performance?.bandwidthBytesPerSecond ?? Number.NaN
    expect(more).toBeGreaterThan((0.9375 * readExpertBytesPerToken) / bandwidth)
    expect(more).toBeLessThan((4 * 0.9375 * readExpertBytesPerToken) / bandwidth)
    const dense = planned({
      model: 'meta-llama/Llama-3.1-8B-Instruct',
      quantization: 'Q4_K_M',
      machine,
    })
    expect(stepSeconds(dense, 2) / stepSeconds(dense, 1)).toBeCloseTo(1, 3)
  })

  it('counts a handover for every layer whose experts lie in RAM', () => {
    const machine = whatIfMachine(['RTX 4090'], 128)
    const handingOver = { model: 'openai/gpt-oss-120b', quantization: 'MXFP4', machine }
    const free = { ...speedModel, transfer: { ...speedModel.transfer, handoverSeconds: 0 } }
    const counted = planned(handingOver)
    const { layout } = counted.candidate
    expect([layout.mode, layout.start]).toEqual(['experts-in-ram', 0])
    const spent = stepSeconds(counted, 1) - stepSeconds(planned({ ...handingOver, coefficients: free }), 1)
    expect(spent).toBeCloseTo(layout.expertsFrom * speedModel.transfer.handoverSeconds, 9)
  })
})

describe('decodeIntervalClass', () => {
  it.each([
    ['RTX 4090', 'meta-llama/Llama-3.1-8B-Instruct', 'Q4_K_M', 'dense'],
    ['RTX 4090', 'Qwen/Qwen3-30B-A3B', 'Q4_K_M', 'moe'],
    // Fewer than ten measured runs stand behind Vulkan on Intel.
    ['Arc B580', 'meta-llama/Llama-3.1-8B-Instruct', 'Q4_K_M', 'few-runs'],
    ['RTX 4090', 'openai/gpt-oss-120b', 'MXFP4', 'split'],
    ['none', 'meta-llama/Llama-3.1-8B-Instruct', 'Q4_K_M', 'cpu'],
  ])('%s with %s at %s is as certain as %s', (gpu, model, quantization, expected) => {
    const { terms, candidate } = planned({ model, quantization, machine: whatIfMachine([gpu], 128) })
    expect(decodeIntervalClass(terms, candidate.layout)).toBe(expected)
  })
})
