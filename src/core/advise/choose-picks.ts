import { paretoFront } from '#core/advise/pareto-front.ts'
import type { RankedPlan } from '#core/advise/rank-plans.ts'
import type { PickRole } from '#core/advise/recommendation.ts'

/**
 * The fastest pick must still be good: at most this many index points below the best. At a gap of 12 the better model
 * wins nine of ten held-out benchmarks, so a wider gap would be another class of model.
 */
export const FASTEST_QUALITY_GAP_POINTS = 12

/** A third model is worth showing when its score is this near to the top one, and it is about as good or better. */
const BALANCE_SCORE_GAP = 0.04
/** "About as good": the order of two models less than this apart turns around on two benchmarks of five. */
const LEVEL_QUALITY_GAP_POINTS = 4

/** The roles of the plans that have any, and the plans on the Pareto front. */
export interface Picks {
  readonly roles: ReadonlyMap<RankedPlan, readonly PickRole[]>
  readonly onFront: ReadonlySet<RankedPlan>
}

/**
 * Three picks of a ranking, distinct models where that is honest: the best quality, the fastest that is still good, and
 * the best score among the other plans of the Pareto front. Models without published scores take no quality role, plans
 * below 3 bits none at all while there are others, and a tight plan none while another fits.
 */
export function choosePicks(plans: readonly RankedPlan[]): Picks {
  const onFront = frontOf(plans)
  const roles = new Map<RankedPlan, PickRole[]>()
  const assign = (plan: RankedPlan | null, role: PickRole): void => {
    if (plan !== null) roles.set(plan, [...(roles.get(plan) ?? []), role])
  }
  const safe = preferred(
    preferred(plans, (plan) => !plan.belowThreeBits),
    (plan) => plan.numbers.fit === 'fits',
  )
  const scored = safe.filter((plan) => plan.quality.scored)
  const best = maximum(scored, (plan) => plan.qualityAfterLoss)
  assign(best, 'best-quality')
  const good =
    best === null
      ? safe
      : scored.filter((plan) => best.qualityAfterLoss - plan.qualityAfterLoss <= FASTEST_QUALITY_GAP_POINTS)
  const fastest = maximum(
    good.filter((plan) => !Number.isNaN(plan.tokensPerSecond)),
    (plan) => plan.tokensPerSecond,
  )
  assign(chooseBalance(scored, { best, fastest, onFront }), 'best-balance')
  assign(fastest, 'fastest')
  return { roles, onFront }
}

/** A third model where one is about as well balanced as the other two picks, else the better balanced of those. */
function chooseBalance(
  plans: readonly RankedPlan[],
  chosen: {
    readonly best: RankedPlan | null
    readonly fastest: RankedPlan | null
    readonly onFront: ReadonlySet<RankedPlan>
  },
): RankedPlan | null {
  const top = maximum(plans, (plan) => plan.score)
  if (top === null || (top !== chosen.best && top !== chosen.fastest)) return top
  const others = plans.filter(
    (plan) =>
      plan !== chosen.best &&
      plan !== chosen.fastest &&
      chosen.onFront.has(plan) &&
      top.score - plan.score <= BALANCE_SCORE_GAP &&
      top.qualityAfterLoss - plan.qualityAfterLoss <= LEVEL_QUALITY_GAP_POINTS,
  )
  return maximum(others, (plan) => plan.score) ?? top
}

function frontOf(plans: readonly RankedPlan[]): ReadonlySet<RankedPlan> {
  const scored = plans.filter((plan) => plan.quality.scored)
  const marks = paretoFront(
    scored.map((plan) => ({
      quality: plan.qualityAfterLoss,
      tokensPerSecond: Number.isNaN(plan.tokensPerSecond) ? 0 : plan.tokensPerSecond,
      memoryBytes: plan.numbers.totalBytes,
    })),
  )
  return new Set(scored.filter((_, i) => marks[i]))
}

/** Those that hold the claim, or all where none does. */
function preferred(
  plans: readonly RankedPlan[],
  claim: (plan: RankedPlan) => boolean,
): readonly RankedPlan[] {
  const kept = plans.filter(claim)
  return kept.length > 0 ? kept : plans
}

function maximum(plans: readonly RankedPlan[], value: (plan: RankedPlan) => number): RankedPlan | null {
  let best: RankedPlan | null = null
  for (const plan of plans) if (best === null || value(plan) > value(best)) best = plan
  return best
}
