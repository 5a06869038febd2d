import { choosePicks } from '#core/advise/choose-picks.ts'
import { describeRecommendation } from '#core/advise/evaluate-recommendation.ts'
import type { Needs } from '#core/advise/needs.ts'
import { rankPlans, type RankedPlan } from '#core/advise/rank-plans.ts'
import type { Advice, PickRole, Recommendation } from '#core/advise/recommendation.ts'
import { suggestChanges } from '#core/advise/suggest-changes.ts'
import { verdictSentence } from '#core/advise/verdict-sentence.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'

/** What advice follows from, all of it: nothing else is read. */
export interface AdviseInput {
  readonly machine: Machine
  readonly needs: Needs
  readonly catalogue: Catalogue
  /** Most recommendations to describe; default 12. The picks are always among them. */
  readonly limit?: number
}

const DEFAULT_LIMIT = 12
/** The answer names the balance first: best quality may be slow, the fastest may be small. */
const ROLE_ORDER: readonly PickRole[] = ['best-balance', 'best-quality', 'fastest']

/**
 * The heart of the product: which open models this machine can run for these needs. Every model in every quantization is
 * laid out in memory and timed; what meets the needs is ranked; three picks are named and explained; and what would
 * change the answer is worked out by asking again. A pure function: the same input gives the same advice.
 */
export function advise({ machine, needs, catalogue, limit = DEFAULT_LIMIT }: AdviseInput): Advice {
  const input = { machine, needs, catalogue }
  const ranking = rankPlans(input)
  const picks = choosePicks(ranking.plans)
  const shown = orderPicksFirst(ranking.plans, picks.roles).slice(0, Math.max(1, limit))
  const recommendations = shown.map((plan): Recommendation => {
    const described = describeRecommendation(plan.request, plan.numbers, { needs, catalogue })
    return { ...described, roles: picks.roles.get(plan) ?? [], onParetoFront: picks.onFront.has(plan) }
  })
  const best = ranking.plans.find((plan) => picks.roles.get(plan)?.includes('best-quality')) ?? null
  const wouldChange = suggestChanges(input, best)
  return {
    machine,
    needs,
    verdict: verdictSentence({
      machine,
      needs,
      pick: recommendations[0] ?? null,
      rejected: ranking.rejected,
      hints: wouldChange,
    }),
    recommendations,
    considered: ranking.considered,
    rejected: ranking.rejected,
    wouldChange,
  }
}

/** Plans in the order they are shown: the picks first, then by rank. */
export function orderPicksFirst(
  plans: readonly RankedPlan[],
  roles: ReadonlyMap<RankedPlan, readonly PickRole[]>,
): readonly RankedPlan[] {
  const picked = new Set(
    ROLE_ORDER.flatMap((role) => plans.filter((plan) => roles.get(plan)?.includes(role))),
  )
  return [...picked, ...plans.filter((plan) => !picked.has(plan))]
}
