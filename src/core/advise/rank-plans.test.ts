import { describe, expect, it } from 'vitest'
import { shippedCatalogue as catalogue } from '../../../test/shipped-catalogue.ts'
import { WHAT_IF_MACHINES } from '../../../test/what-if-machines.ts'
import { DEFAULT_NEEDS } from '#core/advise/needs.ts'
import { bestPlan, isWholeOnDevice, openBench, type RankedPlan } from '#core/advise/rank-plans.ts'

/** What the rule compares, strongest first. */
function standing(plan: RankedPlan): readonly number[] {
  const whole = isWholeOnDevice(plan.numbers.candidate.layout.mode)
  return [
    Number(!plan.belowThreeBits),
    Number(plan.numbers.fit === 'fits'),
    Number(whole && plan.request.quantization.nominalBitsPerWeight >= 4),
    plan.score,
  ]
}

function isHigher(a: readonly number[], b: readonly number[]): boolean {
  const first = a.findIndex((value, i) => value !== b[i])
  return first >= 0 && (a[first] ?? 0) > (b[first] ?? 0)
}

describe('bestPlan', () => {
  it.each(Object.entries(WHAT_IF_MACHINES))(
    'leaves out nothing that could have won: %s',
    (_name, machine) => {
      const bench = openBench({ machine, needs: DEFAULT_NEEDS, catalogue })
      for (const model of catalogue.models.filter((_, i) => i % 5 === 0)) {
        const best = bestPlan(model, bench)
        const alone = bench.choices.flatMap(({ engine, quantizations }) =>
          quantizations.map((quantization) =>
            bestPlan(model, { ...bench, choices: [{ engine, quantizations: [quantization] }] }),
          ),
        )
        const plans = alone.filter((plan) => typeof plan !== 'string')
        expect(typeof best === 'string').toBe(plans.length === 0)
        const ofBest = typeof best === 'string' ? [] : standing(best)
        expect(plans.filter((plan) => isHigher(standing(plan), ofBest))).toEqual([])
      }
    },
  )
})
