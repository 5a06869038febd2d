import type { Model } from '#core/model/model.ts'
import { loadBytes } from '#core/placement/layout.ts'
import { loadBudgetBytes, type PlanNumbers } from '#core/plan/plan-numbers.ts'

/** What the score weighs, each from 0 to 1. Quality decides; then speed until it is comfortable; then loss and room. */
const SCORE_WEIGHTS = { quality: 0.6, speed: 0.28, agreement: 0.08, headroom: 0.04 } as const

/**
 * Speed at which the speed part is worth half, tokens per second; more is worth less and less. People read about 5 (250
 * words a minute at 1.3 tokens a word), so 8 is comfortable; a model that thinks first writes several times what is read.
 */
const HALF_WORTH_TOKENS_PER_SECOND = { answering: 8, thinking: 20 } as const
/** Share of the fullest pool left free at which more room is worth nothing. */
const AMPLE_HEADROOM = 0.1
/** 8-bit files differ from the original by this share of next tokens; no published figure tells less apart. */
const UNNOTICED_DISAGREEMENT = 0.015
/** Share of next tokens that differ at which the agreement part is worth nothing. */
const WORTHLESS_DISAGREEMENT = 0.15
/** Where the speed is not known: below a comfortable one, so that known plans come first. */
const UNKNOWN_SPEED_WORTH = 0.3

/** What the score looks at: quality in index points, speed for one user (`NaN`: not known), loss, room. */
export interface ScoredPlan {
  readonly model: Model
  readonly numbers: Pick<PlanNumbers, 'fit' | 'candidate' | 'terms'>
  readonly tokensPerSecond: number
  readonly qualityAfterLoss: number
  readonly agreementPercent: number
}

/** One number from 0 to 1 to order a list by; nothing is decided by it alone. */
export function scorePlan(plan: ScoredPlan): number {
  const noticed = Math.max(0, 1 - plan.agreementPercent / 100 - UNNOTICED_DISAGREEMENT)
  return (
    SCORE_WEIGHTS.quality * (plan.qualityAfterLoss / 100) +
    SCORE_WEIGHTS.speed * speedWorth(plan.tokensPerSecond, plan.model) +
    SCORE_WEIGHTS.agreement * Math.max(0, 1 - noticed / (WORTHLESS_DISAGREEMENT - UNNOTICED_DISAGREEMENT)) +
    SCORE_WEIGHTS.headroom * headroomWorth(plan.numbers)
  )
}

function speedWorth(tokensPerSecond: number, model: Model): number {
  if (Number.isNaN(tokensPerSecond)) return UNKNOWN_SPEED_WORTH
  const half = HALF_WORTH_TOKENS_PER_SECOND[model.kind === 'reasoning' ? 'thinking' : 'answering']
  return tokensPerSecond / (tokensPerSecond + half)
}

function headroomWorth({ fit, candidate, terms }: ScoredPlan['numbers']): number {
  if (fit !== 'fits') return 0
  let spareShare = 1
  for (const load of candidate.loads)
    spareShare = Math.min(spareShare, 1 - loadBytes(load) / loadBudgetBytes(terms, load))
  return Math.min(1, Math.max(0, spareShare / AMPLE_HEADROOM))
}
