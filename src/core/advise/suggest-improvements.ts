import { addMemory, type MemoryKind } from '#core/machine/add-memory.ts'
import type { Needs } from '#core/advise/needs.ts'
import { formatCount, formatSpeed } from '#core/figure/format-figure.ts'
import { isWholeOnDevice, largestFileBytes, neededSpeed } from '#core/advise/rank-plans.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { planNumbers, type PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { isBelowThreeBits, nativeQuantization, rankingAgreement } from '#core/quality/quantization-loss.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import { weightsOf } from '#core/quant/weights.ts'
import { gibibytesToBytes } from '#core/units/units.ts'

/** Sizes memory is sold in, as additions. */
const ADDITIONS_GIBIBYTES = [2, 4, 8, 12, 16, 24, 32, 48, 64]
/** Less than a point of agreement is below what the published figures can tell apart. */
const LEAST_AGREEMENT_GAIN_PERCENT = 1
/** A better quantization that costs more of the speed than this leaves is no improvement. */
const LEAST_SPEED_KEPT = 0.6
/** More speed is worth a sentence from this factor on. */
const LEAST_SPEED_GAIN = 1.5

/**
 * What would make one plan better, each by really evaluating it: the memory that would hold all of it on the device, and
 * the memory that would allow a better quantization ("8 GiB more VRAM would allow Q6_K: it agrees 97 % instead of 93 %").
 */
export function suggestImprovements(
  request: PlanRequest,
  numbers: PlanNumbers,
  context: { readonly needs: Needs; readonly catalogue: Catalogue },
): readonly string[] {
  if (request.gpuLayers !== undefined && request.gpuLayers !== 'auto') return []
  return [holdAll(request, numbers, context.catalogue), betterQuantization(request, numbers, context)].filter(
    (text) => text !== null,
  )
}

function holdAll(request: PlanRequest, numbers: PlanNumbers, catalogue: Catalogue): string | null {
  const { mode } = numbers.candidate.layout
  const fitsWhole = numbers.fit !== 'no' && isWholeOnDevice(mode)
  if (fitsWhole) return null
  const hasDevice = request.machine.accelerators.some((each) => each.usable)
  const before = numbers.decodeTokensPerSecond
  for (const gibibytes of ADDITIONS_GIBIBYTES) {
    const { machine, kind } = addMemory(request.machine, gibibytesToBytes(gibibytes))
    const after = planNumbers({ ...request, machine }, catalogue.speedModel)
    if (after.fit !== 'fits' || (hasDevice && !isWholeOnDevice(after.candidate.layout.mode))) continue
    if (numbers.fit === 'no') return `${gibibytes} GiB more ${kind} would hold it.`
    const speed = after.decodeTokensPerSecond
    if (!(speed >= LEAST_SPEED_GAIN * before)) return null
    return `${gibibytes} GiB more ${kind} would hold all of it: ${formatSpeed(speed)} tok/s instead of ${formatSpeed(before)}.`
  }
  return null
}

function betterQuantization(
  request: PlanRequest,
  numbers: PlanNumbers,
  { needs, catalogue }: { readonly needs: Needs; readonly catalogue: Catalogue },
): string | null {
  if (numbers.fit === 'no' || nativeQuantization(request.model.id, catalogue.quantizationLoss) !== null)
    return null
  const now = rankingAgreement(request.model, request.quantization, catalogue.quantizationLoss)
  const steps = nextQuantizations(request, now, catalogue)
  const fitting = steps.find((quantization) =>
    runsAsWell({ ...request, quantization }, numbers, { needs, catalogue }),
  )
  if (fitting !== undefined) return fittingSentence(request, { better: fitting, numbers, now }, catalogue)
  for (const gibibytes of ADDITIONS_GIBIBYTES) {
    const { machine, kind } = addMemory(request.machine, gibibytesToBytes(gibibytes))
    const better = steps.find((quantization) =>
      runsAsWell({ ...request, machine, quantization }, numbers, { needs, catalogue }),
    )
    if (better !== undefined)
      return quantizationSentence({ request, better, gibibytes, kind, now }, catalogue)
  }
  return null
}

/** Quantizations a person would move up to: noticeably nearer to the original, nearest first. */
function nextQuantizations(request: PlanRequest, now: number, catalogue: Catalogue): readonly Quantization[] {
  const agreement = (each: Quantization): number =>
    rankingAgreement(request.model, each, catalogue.quantizationLoss)
  return catalogue.quantizations
    .filter(
      (each) =>
        each.engines.includes(request.engine) &&
        each.nominalBitsPerWeight < 16 &&
        !isBelowThreeBits(each, catalogue.quantizationLoss) &&
        agreement(each) >= now + LEAST_AGREEMENT_GAIN_PERCENT,
    )
    .toSorted((a, b) => agreement(b) - agreement(a))
    .slice(0, 3)
}

/** Holds whole where the plan did, keeps the least speed asked for, and most of the speed the plan had. */
function runsAsWell(
  request: PlanRequest,
  before: PlanNumbers,
  { needs, catalogue }: { readonly needs: Needs; readonly catalogue: Catalogue },
): boolean {
  const after = planNumbers(request, catalogue.speedModel)
  return (
    after.fit === 'fits' &&
    weightsOf(request.model, request.quantization).fileBytes <= largestFileBytes(request.machine, needs) &&
    (!isWholeOnDevice(before.candidate.layout.mode) || isWholeOnDevice(after.candidate.layout.mode)) &&
    !(neededSpeed(after, needs) < needs.minTokensPerSecond) &&
    !(after.decodeTokensPerSecond < LEAST_SPEED_KEPT * before.decodeTokensPerSecond)
  )
}

function quantizationSentence(
  step: {
    readonly request: PlanRequest
    readonly better: Quantization
    readonly gibibytes: number
    readonly kind: MemoryKind
    readonly now: number
  },
  catalogue: Catalogue,
): string {
  const after = rankingAgreement(step.request.model, step.better, catalogue.quantizationLoss)
  const from = isBelowThreeBits(step.request.quantization, catalogue.quantizationLoss)
    ? 'less than at three bits'
    : `${formatCount(step.now)} %`
  return `${step.gibibytes} GiB more ${step.kind} would allow ${step.better.id}: it agrees with the original ${formatCount(after)} % of the time instead of ${from}.`
}

function fittingSentence(
  request: PlanRequest,
  step: { readonly better: Quantization; readonly numbers: PlanNumbers; readonly now: number },
  catalogue: Catalogue,
): string {
  const after = planNumbers({ ...request, quantization: step.better }, catalogue.speedModel)
  const agreement = rankingAgreement(request.model, step.better, catalogue.quantizationLoss)
  const speeds = Number.isNaN(after.decodeTokensPerSecond)
    ? ''
    : `, at ${formatSpeed(after.decodeTokensPerSecond)} tok/s instead of ${formatSpeed(step.numbers.decodeTokensPerSecond)}`
  return `${step.better.id} fits as well: it agrees with the original ${formatCount(agreement)} % of the time instead of ${formatCount(step.now)} %${speeds}.`
}
