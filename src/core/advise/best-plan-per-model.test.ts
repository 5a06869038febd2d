import { describe, expect, it } from 'vitest'
import { shippedCatalogue as catalogue } from '../../../test/shipped-catalogue.ts'
import { WHAT_IF_MACHINES } from '../../../test/what-if-machines.ts'
import { advise } from '#core/advise/advise.ts'
import { bestPlanOf, bestPlanPerModel } from '#core/advise/best-plan-per-model.ts'
import { evaluateRecommendation } from '#core/advise/evaluate-recommendation.ts'
import { DEFAULT_NEEDS } from '#core/advise/needs.ts'
import { isBelowThreeBits } from '#core/quality/quantization-loss.ts'

const needs = { ...DEFAULT_NEEDS, users: 2 }

describe.each(Object.entries(WHAT_IF_MACHINES))('every model on %s', (_name, machine) => {
  const verdicts = bestPlanPerModel({ machine, needs, catalogue })
  const advice = advise({ machine, needs, catalogue, limit: catalogue.models.length })

  it('has exactly one line a model', () => {
    expect(verdicts.map(({ model }) => model.id).toSorted()).toEqual(
      catalogue.models.map(({ id }) => id).toSorted(),
    )
  })

  it('ranks what is recommended as the advice does, with the same plans to the last digit', () => {
    const ranked = verdicts.filter(({ rank }) => rank !== null)
    expect(ranked.map(({ rank }) => rank)).toEqual(ranked.map((_, index) => index + 1))
    expect(
      ranked.map(({ model, best, quality }) => [model.id, best?.plan, best?.agreement, quality]),
    ).toEqual(
      advice.recommendations.map(({ model, plan, agreement, quality }) => [
        model.id,
        plan,
        agreement,
        quality,
      ]),
    )
  })

  it('counts the reasons against the rest as the advice does', () => {
    const counts: Record<string, number> = {}
    for (const { rejection } of verdicts) {
      if (rejection !== null) counts[rejection] = (counts[rejection] ?? 0) + 1
    }
    expect(counts).toEqual(advice.rejected)
    expect(verdicts.filter(({ rank, rejection }) => (rank === null) !== (rejection !== null))).toEqual([])
  })

  it('shows for each of the rest a plan that one alone would give', () => {
    for (const { model, best } of verdicts) {
      if (best === null) continue
      const quantization = catalogue.quantizations.find(({ id }) => id === best.plan.quantizationId)
      if (quantization === undefined) throw new Error(`no such quantization: ${best.plan.quantizationId}`)
      const { engine } = best.plan
      const alone = evaluateRecommendation({ machine, model, quantization, needs, catalogue, engine })
      expect(best.plan).toEqual(alone.plan)
      expect(bestPlanOf(model, { machine, needs, catalogue })).toEqual(best.plan)
    }
  })

  it('says what is missing where nothing fits, never for less than 3 bits while there is more', () => {
    for (const { best, rejection } of verdicts) {
      if (rejection !== 'does-not-fit' || best === null || best.plan.fit !== 'no') continue
      expect(best.plan.missingBytes).toBeGreaterThan(0)
      const quantization = catalogue.quantizations.find(({ id }) => id === best.plan.quantizationId)
      expect(quantization !== undefined && isBelowThreeBits(quantization, catalogue.quantizationLoss)).toBe(
        false,
      )
    }
  })
})
