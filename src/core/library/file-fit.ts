import { CHAT_CONTEXT_TOKENS, chatPlanRequest } from '#core/chat/chat-plan-request.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Figure } from '#core/figure/figure.ts'
import { fitByLength } from '#core/library/fit-by-length.ts'
import { modelFromHeader } from '#core/library/model-from-header.ts'
import type { ModelHeader } from '#core/library/model-header.ts'
import type { Machine } from '#core/machine/machine.ts'
import { describePlan } from '#core/plan/evaluate-plan.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import type { Fit } from '#core/plan/plan.ts'

/** A model file on a machine. */
export interface FileToFit {
  /** Of a file that is not here yet, what its listing tells. */
  readonly header: ModelHeader | Pick<ModelHeader, 'kind' | 'quantizationId' | 'contextTokens'>
  readonly fileBytes: number
  /** Id of the catalogue model it is or has the shape of; null where none is known. */
  readonly modelId: string | null
}

/** Whether a file runs on a machine, for a chat of this length. */
export interface FileFit {
  readonly fit: Fit
  readonly contextTokens: number
  /** What it takes. */
  readonly memory: Figure
  /** What it may take. */
  readonly budgetBytes: number
}

/**
 * Whether a file fits: by the plan of its catalogue model, of the plain transformer its sizes tell, or, where nobody knows its
 * shape, by its length and an allowance of 15 % for context and buffers, against all budgets together. Null for what is no
 * model.
 */
export function fileFit(
  file: FileToFit,
  machine: Machine,
  catalogue: Pick<Catalogue, 'models' | 'quantizations' | 'speedModel'>,
): FileFit | null {
  const { header, modelId } = file
  if (header.kind !== 'model') return null
  const model =
    catalogue.models.find(({ id }) => id === modelId) ?? ('shape' in header ? modelFromHeader(header) : null)
  const quantization = catalogue.quantizations.find(({ id }) => id === header.quantizationId)
  const contextTokens = Math.min(CHAT_CONTEXT_TOKENS, header.contextTokens ?? Infinity)
  if (model === null || quantization === undefined)
    return { ...fitByLength(file.fileBytes, machine), contextTokens }
  const request = chatPlanRequest({ machine, model, quantization, contextTokens })
  const numbers = planNumbers(request, catalogue.speedModel)
  return {
    fit: numbers.fit,
    contextTokens,
    memory: describePlan(request, numbers).memory.total,
    budgetBytes: numbers.budgetBytes,
  }
}
