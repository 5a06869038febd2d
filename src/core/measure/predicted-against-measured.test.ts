import { describe, expect, it } from 'vitest'
import { cataloguePlan } from '../../../test/catalogue-plan.ts'
import { madeUpMachineSpeed, madeUpMeasurement } from '../../../test/made-up-measurement.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'
import type { Measurement } from '#core/measure/measurement.ts'
import { predictedAgainstMeasured } from '#core/measure/predicted-against-measured.ts'

const machine = whatIfMachine(['none'], 32)
const llama = madeUpMeasurement(cataloguePlan(machine, 'meta-llama/Llama-3.1-8B-Instruct'), 1.5)
const qwen = madeUpMeasurement(cataloguePlan(machine, 'Qwen/Qwen3-14B'), 0.8)

const compared = (
  runs: readonly Measurement[],
  machines = [] as Parameters<typeof predictedAgainstMeasured>[0]['machines'],
) => predictedAgainstMeasured({ runs, machines, smokes: [] }, machine, shippedCatalogue)

describe('predictedAgainstMeasured', () => {
  it('holds each measurement against the formulas and against what the others say', () => {
    const [ofLlama, ofQwen] = compared([llama, qwen])
    expect(ofLlama!.modelName).toContain('Llama')
    expect(ofLlama!.quantizationId).toBe('Q4_K_M')
    expect(ofLlama!.measured).toBe(llama.decode[0])
    const ratios = [ofLlama!, ofQwen!].map(
      ({ measured, predictedTokensPerSecond, calibratedTokensPerSecond }) => [
        measured.tokensPerSecond / predictedTokensPerSecond,
        calibratedTokensPerSecond! / predictedTokensPerSecond,
      ],
    )
    // Each was made this much faster than estimated, and each is corrected by the other alone.
    expect(ratios[0]![0]).toBeCloseTo(1.5, 9)
    expect(ratios[0]![1]).toBeCloseTo(0.8, 6)
    expect(ratios[1]![0]).toBeCloseTo(0.8, 9)
    expect(ratios[1]![1]).toBeCloseTo(1.5, 6)
  })

  it('never calibrates a run by itself, nor by another run of the same model', () => {
    const again = madeUpMeasurement(
      cataloguePlan(machine, 'meta-llama/Llama-3.1-8B-Instruct', { format: 'Q8_0' }),
      1.5,
    )
    expect(compared([llama])[0]!.calibratedTokensPerSecond).toBeNull()
    expect(compared([llama, again]).map((each) => each.calibratedTokensPerSecond)).toEqual([null, null])
  })

  it('corrects a lone run by the machine’s own rates', () => {
    const [alone] = compared([llama], [madeUpMachineSpeed(machine)])
    expect(alone!.calibratedTokensPerSecond).toBeGreaterThan(0)
    expect(alone!.calibratedTokensPerSecond).not.toBe(alone!.predictedTokensPerSecond)
  })

  it('leaves out other machines, what the catalogue does not know, and runs that decoded nothing alone', () => {
    const [first] = llama.decode
    const unusable: readonly Measurement[] = [
      madeUpMeasurement(cataloguePlan(whatIfMachine(['none'], 64), 'Qwen/Qwen3-14B'), 2),
      { ...llama, plan: { ...llama.plan, modelId: 'nobody/Gone-1B' } },
      { ...llama, decode: [{ ...first!, streams: 2 }] },
      { ...llama, decode: [] },
    ]
    expect(compared(unusable)).toEqual([])
  })

  it('compares at the depth nearest to empty, in whatever order depths were kept', () => {
    const [turned] = compared([{ ...llama, decode: llama.decode.toReversed() }])
    expect(turned!.measured.depthTokens).toBe(0)
  })
})
