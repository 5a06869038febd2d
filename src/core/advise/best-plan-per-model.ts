import { orderPicksFirst } from '#core/advise/advise.ts'
import { choosePicks } from '#core/advise/choose-picks.ts'
import {
  bestPlan,
  openBench,
  rankedRequest,
  rankPlans,
  rejectModel,
  type RankingBench,
  type RankingInput,
} from '#core/advise/rank-plans.ts'
import { qualityLeft, rankingQuality } from '#core/advise/ranking-quality.ts'
import type { RejectionReason } from '#core/advise/recommendation.ts'
import { scorePlan } from '#core/advise/score-plan.ts'
import type { Figure, MaybeFigure } from '#core/figure/figure.ts'
import type { Model } from '#core/model/model.ts'
import { describePlan } from '#core/plan/evaluate-plan.ts'
import { planNumbers, type PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanEvaluation, PlanRequest } from '#core/plan/plan.ts'
import { qualityOf, similarRange } from '#core/quality/quality.ts'
import {
  agreementOf,
  isBelowThreeBits,
  nativeQuantization,
  rankingAgreement,
} from '#core/quality/quantization-loss.ts'

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
  const { plans } = rankPlans(input)
  const ranked = orderPicksFirst(plans, choosePicks(plans).roles)
  const rankedModels = new Set(ranked.map((plan) => plan.model))
  const bench = openBench(input)
  return [
    ...ranked.map((plan, index) => verdictOf(plan.model, plan, index + 1, null, input)),
    ...input.catalogue.models
      .filter((model) => !rankedModels.has(model))
      .map((model) => {
        const { plan, reason } = bestOrNearest(model, bench)
        return verdictOf(model, plan, null, reason, input)
      }),
  ]
}

/** The best plan of one model, or the one that comes closest; null where no engine for this machine runs it. */
export function bestPlanOf(model: Model, input: RankingInput): PlanEvaluation | null {
  const { plan } = bestOrNearest(model, openBench(input))
  return plan === null ? null : describePlan(plan.request, plan.numbers)
}

interface Outcome {
  readonly plan: ComputedPlan | null
  /** Null for a model that is recommended. */
  readonly reason: RejectionReason | null
}

function bestOrNearest(model: Model, bench: RankingBench): Outcome {
  const { needs, catalogue } = bench.input
  const best = bestPlan(model, bench)
  const ofModel = rejectModel(model, needs, catalogue)
  if (typeof best === 'string') return { plan: nearestPlan(model, bench), reason: ofModel ?? best }
  if (ofModel === null || !best.belowThreeBits) return { plan: best, reason: ofModel }
  // Not recommended anyway: a sound plan that misses the least speed tells more than a ruined one that keeps it.
  const sound = nearestPlan(model, bench)
  return { plan: sound === null || sound.numbers.fit === 'no' ? best : sound, reason: ofModel }
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

interface ScoredPlan extends ComputedPlan {
  readonly score: number
}

/**
 * The plan that comes closest where none meets the needs: the best score of those that fit, else the one that lacks the
 * least. Below 3 bits only where there is nothing else: such a plan would be no offer even with the memory it lacks.
 */
function nearestPlan(model: Model, bench: RankingBench): ComputedPlan | null {
  const { catalogue, needs } = bench.input
  const requests = requestsOf(model, bench)
  const sound = requests.filter(
    ({ quantization }) => !isBelowThreeBits(quantization, catalogue.quantizationLoss),
  )
  const { points } = rankingQuality(model, needs.useCase, catalogue.quality)
  return (sound.length > 0 ? sound : requests).reduce<ScoredPlan | null>((nearest, request) => {
    const numbers = planNumbers(request, catalogue.speedModel)
    const agreementPercent = rankingAgreement(model, request.quantization, catalogue.quantizationLoss)
    const score = scorePlan({
      model,
      numbers,
      tokensPerSecond: numbers.throughputTokensPerSecond / needs.users,
      qualityAfterLoss: points * qualityLeft(agreementPercent),
      agreementPercent,
    })
    const plan = { request, numbers, score }
    return nearest === null || isNearer(plan, nearest) ? plan : nearest
  }, null)
}

function requestsOf(model: Model, bench: RankingBench): readonly PlanRequest[] {
  const { catalogue } = bench.input
  const native = nativeQuantization(model.id, catalogue.quantizationLoss)
  return bench.choices
    .filter(({ engine }) => engine !== 'llama.cpp' || model.architecture.gguf !== null)
    .flatMap(({ engine, quantizations }) =>
      quantizations
        .filter((quantization) => native === null || quantization.id === native)
        .map((quantization) => rankedRequest({ model, quantization, engine }, bench.input)),
    )
}

function isNearer(a: ScoredPlan, b: ScoredPlan): boolean {
  if (a.numbers.missingBytes !== b.numbers.missingBytes)
    return a.numbers.missingBytes < b.numbers.missingBytes
  return a.score > b.score
}
