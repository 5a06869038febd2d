import { orderPicksFirst } from '#core/advise/advise.ts'
import { choosePicks } from '#core/advise/choose-picks.ts'
import {
  bestPlan,
  openBench,
  rankPlans,
  rejectModel,
  type RankingBench,
  type RankingInput,
} from '#core/advise/rank-plans.ts'
import type { RejectionReason } from '#core/advise/recommendation.ts'
import type { Figure, MaybeFigure } from '#core/figure/figure.ts'
import type { Model } from '#core/model/model.ts'
import { describePlan } from '#core/plan/evaluate-plan.ts'
import { planNumbers, type PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanEvaluation, PlanRequest } from '#core/plan/plan.ts'
import { qualityOf, similarRange } from '#core/quality/quality.ts'
import { agreementOf, isBelowThreeBits, nativeQuantization } from '#core/quality/quantization-loss.ts'

/** One model with its best plan, recommended or not: a line of a table of all models. */
export interface ModelVerdict {
  readonly model: Model
  readonly quality: MaybeFigure
  /** Where similar models stand, for one without published scores. */
  readonly similar: Figure | null
  /** Null where no engine for this machine runs the model. */
  readonly best: { readonly plan: PlanEvaluation; readonly agreement: MaybeFigure } | null
  /** Place among the recommendations, from 1, in the order of `advise`; null for a model that is not recommended. */
  readonly rank: number | null
  /** Null for a model that is recommended. */
  readonly rejection: RejectionReason | null
}

interface ComputedPlan {
  readonly request: PlanRequest
  readonly numbers: PlanNumbers
}

/**
 * Every model of the catalogue with its best plan: the recommended ones in their order, then the rest in the catalogue's.
 * A model that nothing meets the needs with shows the plan that comes closest. Numbers are those of `advise` and
 * `evaluateRecommendation` to the last digit: the same requests go through the same functions.
 */
export function bestPlanPerModel(input: RankingInput): readonly ModelVerdict[] {
  const { needs, catalogue } = input
  const { plans } = rankPlans(input)
  const ranked = orderPicksFirst(plans, choosePicks(plans).roles)
  const rankedModels = new Set(ranked.map((plan) => plan.model))
  const bench = openBench(input)
  return [
    ...ranked.map((plan, index) => verdictOf(plan.model, plan, index + 1, null, input)),
    ...catalogue.models
      .filter((model) => !rankedModels.has(model))
      .map((model) => {
        const outcome = bestPlan(model, bench)
        const reason = rejectModel(model, needs, catalogue) ?? (typeof outcome === 'string' ? outcome : null)
        const plan = typeof outcome === 'string' ? nearestPlan(model, bench) : outcome
        return verdictOf(model, plan, null, reason, input)
      }),
  ]
}

/** The best plan of one model, or the one that comes closest; null where no engine for this machine runs it. */
export function bestPlanOf(model: Model, input: RankingInput): PlanEvaluation | null {
  const bench = openBench(input)
  const outcome = bestPlan(model, bench)
  const plan = typeof outcome === 'string' ? nearestPlan(model, bench) : outcome
  return plan === null ? null : describePlan(plan.request, plan.numbers)
}

function verdictOf(
  model: Model,
  computed: ComputedPlan | null,
  rank: number | null,
  rejection: RejectionReason | null,
  { needs, catalogue }: RankingInput,
): ModelVerdict {
  return {
    model,
    quality: qualityOf(model, needs.useCase, catalogue.quality),
    similar: similarRange(model, catalogue.quality),
    best:
      computed === null
        ? null
        : {
            plan: describePlan(computed.request, computed.numbers),
            agreement: agreementOf(model, computed.request.quantization, catalogue.quantizationLoss),
          },
    rank,
    rejection,
  }
}

/**
 * The plan that comes closest where none meets the needs: the fastest that fits, else the one that lacks the least. Below
 * 3 bits only where there is nothing else: such a plan would be no offer even with the memory it lacks.
 */
function nearestPlan(model: Model, bench: RankingBench): ComputedPlan | null {
  const { catalogue } = bench.input
  const plans = requestsOf(model, bench).map((request) => ({
    request,
    numbers: planNumbers(request, catalogue.speedModel),
  }))
  const sound = plans.filter(
    ({ request }) => !isBelowThreeBits(request.quantization, catalogue.quantizationLoss),
  )
  return (sound.length > 0 ? sound : plans).reduce<ComputedPlan | null>(
    (nearest, plan) => (nearest === null || isNearer(plan.numbers, nearest.numbers) ? plan : nearest),
    null,
  )
}

function requestsOf(model: Model, bench: RankingBench): readonly PlanRequest[] {
  const { machine, needs, catalogue } = bench.input
  const native = nativeQuantization(model.id, catalogue.quantizationLoss)
  return bench.choices
    .filter(({ engine }) => engine !== 'llama.cpp' || model.architecture.gguf !== null)
    .flatMap(({ engine, quantizations }) =>
      quantizations
        .filter((quantization) => native === null || quantization.id === native)
        .map((quantization) => ({
          machine,
          model,
          quantization,
          engine,
          contextTokens: needs.contextTokens,
          users: needs.users,
          kvType: 'f16' as const,
          useReserve: needs.useReserve,
        })),
    )
}

function isNearer(a: PlanNumbers, b: PlanNumbers): boolean {
  if (a.missingBytes !== b.missingBytes) return a.missingBytes < b.missingBytes
  return a.decodeTokensPerSecond > b.decodeTokensPerSecond
}
