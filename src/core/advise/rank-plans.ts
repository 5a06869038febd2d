import { findSuccessor } from '#core/advise/find-successor.ts'
import { DEFAULT_NEEDS, type Needs } from '#core/advise/needs.ts'
import { qualityLeft, rankingQuality, type RankingQuality } from '#core/advise/ranking-quality.ts'
import { scorePlan } from '#core/advise/score-plan.ts'
import { suitsUseCase } from '#core/advise/suits-use-case.ts'
import type { RejectionReason } from '#core/advise/recommendation.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { findLicense, licenseVerdict } from '#core/license/license.ts'
import { memoryPools } from '#core/machine/memory-pools.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'
import { planNumbers, type PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlacementMode, PlanRequest } from '#core/plan/plan.ts'
import { isBelowThreeBits, nativeQuantization, rankingAgreement } from '#core/quality/quantization-loss.ts'
import type { Engine, Quantization } from '#core/quant/quantization.ts'
import { weightsOf } from '#core/quant/weights.ts'

/** A plan that meets the needs, in plain numbers. */
export interface RankedPlan {
  readonly model: Model
  readonly request: PlanRequest
  readonly numbers: PlanNumbers
  readonly quality: RankingQuality
  /** Index points left after quantization. */
  readonly qualityAfterLoss: number
  readonly agreementPercent: number
  readonly belowThreeBits: boolean
  /** What one of the users gets when all are served at once (see `neededSpeed`); `NaN` where not known. */
  readonly tokensPerSecond: number
  readonly score: number
}

/** The outcome of a ranking: what may be recommended, in order, and why the rest may not. */
export interface Ranking {
  /** The best plan of each model that meets the needs, best score first. */
  readonly plans: readonly RankedPlan[]
  readonly considered: number
  readonly rejected: Readonly<Partial<Record<RejectionReason, number>>>
}

/** Where the models are to run, what for, and what is known of the world. */
export interface RankingInput {
  readonly machine: Machine
  readonly needs: Needs
  readonly catalogue: Catalogue
}

/** Why a model as such is out, before any plan of it is looked at; null when it may be ranked. */
export function rejectModel(model: Model, needs: Needs, catalogue: Catalogue): RejectionReason | null {
  if (!suitsUseCase(model, needs.useCase)) return 'wrong-use-case'
  const { verdict } = licenseVerdict(findLicense(model.license, catalogue.licenses), needs.license)
  if (verdict === 'block' || (verdict === 'unknown' && needs.license !== 'any')) return 'license'
  if (model.nativeContextTokens < needs.contextTokens) return 'context-too-short'
  if (!needs.includeSuperseded && findSuccessor(model, needs.useCase, catalogue) !== null) return 'superseded'
  return null
}

/** Engines that the ranking plans for: llama.cpp runs everywhere, MLX on Apple's chips. */
export function enginesOf(machine: Machine): readonly Engine[] {
  const hasMlx = machine.accelerators.some((each) => each.usable && each.backends.includes('mlx'))
  return hasMlx ? ['llama.cpp', 'mlx'] : ['llama.cpp']
}

/** Ranks the whole catalogue: every model that may be ranked, in every quantization its engines run. */
export function rankPlans(input: RankingInput): Ranking {
  const { needs, catalogue } = input
  const rejected: Partial<Record<RejectionReason, number>> = {}
  const plans: RankedPlan[] = []
  const bench = openBench(input)
  for (const model of catalogue.models) {
    const outcome = rejectModel(model, needs, catalogue) ?? bestPlan(model, bench)
    if (typeof outcome === 'string') rejected[outcome] = (rejected[outcome] ?? 0) + 1
    else plans.push(outcome)
  }
  plans.sort(comparePlans)
  return { plans, considered: bench.considered, rejected }
}

/** Everything the plans of one ranking share, and the count of plans looked at. */
export interface RankingBench {
  readonly input: RankingInput
  /** Engine and the quantizations it runs. */
  readonly choices: readonly { readonly engine: Engine; readonly quantizations: readonly Quantization[] }[]
  /** All memory there is: a plan whose weights alone exceed it need not be laid out. */
  readonly budgetBytes: number
  readonly maxFileBytes: number
  considered: number
}

/**
 * Formats that stay in the ladder but are not recommended: older ones another replaces at the same size, and 16 bits,
 * which no published figure tells from 8 at half the size and nearly twice the speed.
 */
const NOT_RECOMMENDED_FORMATS: readonly string[] = ['BF16', 'F16', 'Q5_1', 'Q5_0', 'Q4_1', 'IQ4_NL']

/** Prepares a ranking. */
export function openBench(input: RankingInput): RankingBench {
  const { machine, needs, catalogue } = input
  const pools = memoryPools(machine, { useReserve: needs.useReserve })
  return {
    input,
    choices: enginesOf(machine).map((engine) => ({
      engine,
      quantizations: catalogue.quantizations.filter(
        (each) => each.engines.includes(engine) && !NOT_RECOMMENDED_FORMATS.includes(each.id),
      ),
    })),
    budgetBytes: pools.reduce((sum, pool) => sum + pool.budgetBytes, 0),
    maxFileBytes: largestFileBytes(machine, needs),
    considered: 0,
  }
}

/** The best plan of a model that meets the needs, or the nearest reason why there is none. */
export function bestPlan(model: Model, bench: RankingBench): RankedPlan | RejectionReason {
  const { catalogue, needs } = bench.input
  const quality = rankingQuality(model, needs.useCase, catalogue.quality)
  const native = nativeQuantization(model.id, catalogue.quantizationLoss)
  let best: RankedPlan | null = null
  let nearest: RejectionReason = 'no-engine'
  for (const { engine, quantizations } of bench.choices) {
    if (engine === 'llama.cpp' && model.architecture.gguf === null) continue
    for (const quantization of quantizations) {
      // A model trained in a quantized format gains nothing from another one.
      if (native !== null && quantization.id !== native) continue
      bench.considered++
      // What cannot beat the best so far, whatever it measures, is not laid out.
      if (best !== null && standing(best) > highestStanding(quantization, catalogue)) continue
      const plan = rankPlan({ model, quantization, engine, quality }, bench)
      if (typeof plan === 'string') nearest = nearerReason(nearest, plan)
      else if (best === null || isBetterPlan(plan, best)) best = plan
    }
  }
  return best ?? nearest
}

interface PlanChoice {
  readonly model: Model
  readonly quantization: Quantization
  readonly engine: Engine
  readonly quality: RankingQuality
}

function rankPlan(
  { model, quantization, engine, quality }: PlanChoice,
  bench: RankingBench,
): RankedPlan | RejectionReason {
  const { needs, catalogue } = bench.input
  const leastBytes = leastWeightsBytes(model, quantization)
  if (leastBytes > bench.maxFileBytes) return 'file-too-large'
  if (leastBytes > bench.budgetBytes) return 'does-not-fit'
  const weights = weightsOf(model, quantization)
  if (weights.fileBytes > bench.maxFileBytes) return 'file-too-large'
  if (weights.tensorBytes > bench.budgetBytes) return 'does-not-fit'
  const request = rankedRequest({ model, quantization, engine }, bench.input)
  const numbers = planNumbers(request, catalogue.speedModel)
  if (numbers.fit === 'no') return 'does-not-fit'
  const tokensPerSecond = neededSpeed(numbers, needs)
  if (Number.isNaN(tokensPerSecond)) {
    // Where no speed can be told, the default least speed must not hide every model; a speed asked for must be kept.
    if (needs.minTokensPerSecond > DEFAULT_NEEDS.minTokensPerSecond) return 'speed-unknown'
  } else if (tokensPerSecond < needs.minTokensPerSecond) return 'too-slow'
  const agreementPercent = rankingAgreement(model, quantization, catalogue.quantizationLoss)
  const qualityAfterLoss = quality.points * qualityLeft(agreementPercent)
  return {
    model,
    request,
    numbers,
    quality,
    qualityAfterLoss,
    agreementPercent,
    belowThreeBits: isBelowThreeBits(quantization, catalogue.quantizationLoss),
    tokensPerSecond,
    score: scorePlan({ model, numbers, tokensPerSecond, qualityAfterLoss, agreementPercent }),
  }
}

/** The request a ranking makes of a model: the context and users that are needed, a cache in full precision. */
export function rankedRequest(
  choice: Pick<PlanRequest, 'model' | 'quantization' | 'engine'>,
  { machine, needs }: RankingInput,
): PlanRequest {
  return {
    ...choice,
    machine,
    contextTokens: needs.contextTokens,
    users: needs.users,
    kvType: 'f16',
    useReserve: needs.useReserve,
  }
}

/** The speed that needs speak of: what each user is written, or for embeddings, where nothing is written, what is read. */
export function neededSpeed(numbers: PlanNumbers, needs: Needs): number {
  const all =
    needs.useCase === 'embedding' ? numbers.prefillTokensPerSecond : numbers.throughputTokensPerSecond
  return all / needs.users
}

/**
 * Between plans of one model: 3 bits and more before less, `fits` before `tight`, whole on a device at 4 bits or more
 * before one that spills into RAM for more bits (it would slow down several times and take the host's memory), then
 * the score.
 */
function isBetterPlan(a: RankedPlan, b: RankedPlan): boolean {
  const rank = standing(a) - standing(b)
  return rank === 0 ? a.score > b.score : rank > 0
}

function standing(plan: RankedPlan): number {
  const { mode } = plan.numbers.candidate.layout
  const whole = isWholeOnDevice(mode) && plan.request.quantization.nominalBitsPerWeight >= 4
  return (plan.belowThreeBits ? 0 : 4) + (plan.numbers.fit === 'fits' ? 2 : 0) + (whole ? 1 : 0)
}

/** The standing a plan of this quantization can reach at best. */
function highestStanding(quantization: Quantization, catalogue: Catalogue): number {
  const belowThreeBits = isBelowThreeBits(quantization, catalogue.quantizationLoss)
  return (belowThreeBits ? 0 : 4) + 2 + (quantization.nominalBitsPerWeight >= 4 ? 1 : 0)
}

/**
 * Less than the weights can be: the nominal bits are those of the smallest large tensors, and the rest takes more. Experts
 * released at 4 bits stay there in every format, so no more than 4 are counted.
 */
function leastWeightsBytes(model: Model, quantization: Quantization): number {
  return (0.9 * model.parameters.text * Math.min(4, quantization.nominalBitsPerWeight)) / 8
}

/** True where no layer and no expert lies outside accelerators. */
export function isWholeOnDevice(mode: PlacementMode): boolean {
  return mode === 'gpu' || mode === 'multi-gpu' || mode === 'unified'
}

/** Models with scores first, then as between plans of one model, then the score; the id settles what is equal. */
function comparePlans(a: RankedPlan, b: RankedPlan): number {
  return (
    Number(b.quality.scored) - Number(a.quality.scored) ||
    Number(a.belowThreeBits) - Number(b.belowThreeBits) ||
    b.score - a.score ||
    (a.model.id < b.model.id ? -1 : 1)
  )
}

/** From what no plan can do anything about to what the nearest plan lacks. */
const REASONS_BY_NEARNESS: readonly RejectionReason[] = [
  'no-engine',
  'file-too-large',
  'does-not-fit',
  'speed-unknown',
  'too-slow',
]

function nearerReason(a: RejectionReason, b: RejectionReason): RejectionReason {
  return REASONS_BY_NEARNESS.indexOf(b) > REASONS_BY_NEARNESS.indexOf(a) ? b : a
}

/** Largest file that may be downloaded: what the needs say, else what is free on the disk of the models; unknown is no limit. */
export function largestFileBytes(machine: Machine, needs: Needs): number {
  const disk = machine.disks.find((each) => each.holdsModels)
  return needs.maxFileBytes ?? disk?.freeBytes ?? Infinity
}
