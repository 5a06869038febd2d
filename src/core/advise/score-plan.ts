import type { Model } from '#core/model/model.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'

/** What the score weighs, each from 0 to 1. Quality decides; speed only until it is comfortable; then loss and room. */
export const SCORE_WEIGHTS = { quality: 0.62, speed: 0.22, agreement: 0.09, headroom: 0.07 } as const

/**
 * Speed at which the speed part is worth half, tokens per second. People read about 5 (250 words a minute at 1.3 tokens a
 * word), so 12 is comfortable; a model that thinks first writes several times what is read, so it needs more.
 */
const HALF_WORTH = { answering: 12, thinking: 30 } as const
/** Share of the budget left free at which more room is worth nothing. */
const AMPLE_HEADROOM = 0.15
/** Share of next tokens that differ from the original at which the agreement part is worth nothing. */
const WORTHLESS_DISAGREEMENT = 0.15
/** Where the speed is not known: below a comfortable one, so that known plans come first. */
const UNKNOWN_SPEED_WORTH = 0.3

export interface ScoredPlan {
  readonly model: Model
  readonly numbers: Pick<PlanNumbers, 'fit' | 'totalBytes' | 'budgetBytes'>
  readonly tokensPerSecond: number
  readonly qualityAfterLoss: number
  readonly agreementPercent: number
}

/** One number from 0 to 1 to order a list by; nothing is decided by it alone. */
export function scorePlan(plan: ScoredPlan): number {
  const disagreement = 1 - plan.agreementPercent / 100
  return (
    SCORE_WEIGHTS.quality * (plan.qualityAfterLoss / 100) +
    SCORE_WEIGHTS.speed * speedWorth(plan.tokensPerSecond, plan.model) +
    SCORE_WEIGHTS.agreement * Math.max(0, 1 - disagreement / WORTHLESS_DISAGREEMENT) +
    SCORE_WEIGHTS.headroom * headroomWorth(plan.numbers)
  )
}

function speedWorth(tokensPerSecond: number, model: Model): number {
  if (Number.isNaN(tokensPerSecond)) return UNKNOWN_SPEED_WORTH
  const half = model.kind === 'reasoning' ? HALF_WORTH.thinking : HALF_WORTH.answering
  return tokensPerSecond / (tokensPerSecond + half)
}

function headroomWorth({ fit, totalBytes, budgetBytes }: ScoredPlan['numbers']): number {
  if (fit !== 'fits' || budgetBytes <= 0) return 0
  return Math.min(1, Math.max(0, (1 - totalBytes / budgetBytes) / AMPLE_HEADROOM))
}
