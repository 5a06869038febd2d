import { explainPlan, remarksOn } from '#core/advise/explain-plan.ts'
import type { Needs } from '#core/advise/needs.ts'
import { qualityLeft, rankingQuality } from '#core/advise/ranking-quality.ts'
import { neededSpeed } from '#core/advise/rank-plans.ts'
import type { Recommendation } from '#core/advise/recommendation.ts'
import { scorePlan } from '#core/advise/score-plan.ts'
import { suggestImprovements } from '#core/advise/suggest-improvements.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'
import { describePlan } from '#core/plan/evaluate-plan.ts'
import { planNumbers, type PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { qualityOf, similarRange } from '#core/quality/quality.ts'
import { agreementOf, rankingAgreement } from '#core/quality/quantization-loss.ts'
import type { Engine, Quantization } from '#core/quant/quantization.ts'

/** One plan to describe; what is left out is chosen as the ranking would. */
export interface RecommendationInput {
  readonly machine: Machine
  readonly model: Model
  readonly quantization: Quantization
  readonly needs: Needs
  readonly catalogue: Catalogue
  /** Default: llama.cpp where it runs the quantization, else the first engine that does. */
  readonly engine?: Engine
  /** Default f16. */
  readonly kvType?: PlanRequest['kvType']
  readonly gpuLayers?: number | 'auto'
  readonly backend?: PlanRequest['backend']
  readonly depthTokens?: number
  readonly flashAttention?: boolean
}

/**
 * One plan in the shape of a recommendation, whether or not it would be recommended: what `plan` and the page of a model
 * show. The same request gives the same numbers to the last digit as in the ranking.
 */
export function evaluateRecommendation(input: RecommendationInput): Recommendation {
  const { needs, catalogue } = input
  const request = planRequestOf(input)
  return describeRecommendation(request, planNumbers(request, catalogue.speedModel), { needs, catalogue })
}

/** The plan request that a machine, a model, a quantization and needs make. */
export function planRequestOf(input: RecommendationInput): PlanRequest {
  const { machine, model, quantization, needs } = input
  return {
    machine,
    model,
    quantization,
    engine: input.engine ?? quantization.engines[0] ?? 'llama.cpp',
    contextTokens: needs.contextTokens,
    users: needs.users,
    kvType: input.kvType ?? 'f16',
    useReserve: needs.useReserve,
    ...(input.gpuLayers === undefined ? {} : { gpuLayers: input.gpuLayers }),
    ...(input.backend === undefined ? {} : { backend: input.backend }),
    ...(input.depthTokens === undefined ? {} : { depthTokens: input.depthTokens }),
    ...(input.flashAttention === undefined ? {} : { flashAttention: input.flashAttention }),
  }
}

/** Wraps the numbers of a plan with what makes it believable; roles and front are the ranking's to add. */
export function describeRecommendation(
  request: PlanRequest,
  numbers: PlanNumbers,
  context: { readonly needs: Needs; readonly catalogue: Catalogue },
): Recommendation {
  const { model, quantization, machine } = request
  const { needs, catalogue } = context
  const plan = describePlan(request, numbers)
  const quality = qualityOf(model, needs.useCase, catalogue.quality)
  const agreement = agreementOf(model, quantization, catalogue.quantizationLoss)
  const similar = similarRange(model, catalogue.quality)
  const explained = { machine, model, plan, useCase: needs.useCase, quality, similar, agreement }
  const agreementPercent = rankingAgreement(model, quantization, catalogue.quantizationLoss)
  const points = rankingQuality(model, needs.useCase, catalogue.quality).points
  return {
    model: { id: model.id, name: model.name, license: model.license },
    roles: [],
    plan,
    quality,
    agreement,
    score: scorePlan({
      model,
      numbers,
      tokensPerSecond: neededSpeed(numbers, needs),
      qualityAfterLoss: points * qualityLeft(agreementPercent),
      agreementPercent,
    }),
    onParetoFront: false,
    reasons: explainPlan(explained),
    remarks: remarksOn(explained),
    improvements: suggestImprovements(request, numbers, context),
  }
}
