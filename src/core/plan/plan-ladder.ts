import { loadBytes, type PoolLoad } from '#core/placement/layout.ts'
import type { PlanTerms } from '#core/placement/plan-terms.ts'
import { loadBudgetBytes, planNumbers } from '#core/plan/plan-numbers.ts'
import type { Fit, PlacementMode, PlanRequest } from '#core/plan/plan.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'

/** One quantization at one context: fits or not, by how much, how fast. */
export interface LadderCell {
  readonly quantization: string
  readonly contextTokens: number
  readonly fit: Fit
  readonly mode: PlacementMode
  readonly fileBytes: number
  readonly totalBytes: number
  /** Bytes lacking in the fullest pool; 0 when it fits. */
  readonly missingBytes: number
  /** Bytes left in the fullest pool; 0 when it does not fit. */
  readonly spareBytes: number
  readonly decodeTokensPerSecond: number | null
}

/**
 * The plan at every quantization and context, quantizations outermost; the rest of the request stays. Contexts longer
 * than the model was made for are left out.
 */
export function planLadder(
  request: PlanRequest,
  quantizations: readonly Quantization[],
  contexts: readonly number[],
  speedModel: SpeedModel,
): readonly LadderCell[] {
  const possible = contexts.filter((tokens) => tokens <= request.model.architecture.contextTokens)
  return quantizations.flatMap((quantization) =>
    possible.map((contextTokens) => ladderCell({ ...request, quantization, contextTokens }, speedModel)),
  )
}

function ladderCell(request: PlanRequest, speedModel: SpeedModel): LadderCell {
  const numbers = planNumbers(request, speedModel)
  const { terms, candidate } = numbers
  const speed = numbers.decodeTokensPerSecond
  return {
    quantization: request.quantization.id,
    contextTokens: request.contextTokens,
    fit: numbers.fit,
    mode: candidate.layout.mode,
    fileBytes: terms.weights.weights.fileBytes,
    totalBytes: numbers.totalBytes,
    missingBytes: numbers.missingBytes,
    spareBytes: Math.max(0, Math.min(...candidate.loads.map((load) => spareBytes(terms, load)))),
    decodeTokensPerSecond: Number.isFinite(speed) ? speed : null,
  }
}

function spareBytes(terms: PlanTerms, load: PoolLoad): number {
  return loadBudgetBytes(terms, load) - loadBytes(load)
}
