import type { Machine } from '#core/machine/machine.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { shippedCatalogue } from './shipped-catalogue.ts'

/** A plan of a shipped model on a machine: one user, 8192 tokens, Q4_K_M, unless `change` says otherwise. */
export function cataloguePlan(
  machine: Machine,
  modelId: string,
  change: Partial<PlanRequest> & { readonly format?: string } = {},
): PlanRequest {
  const { format = 'Q4_K_M', ...rest } = change
  const model = shippedCatalogue.models.find(({ id }) => id === modelId)
  const quantization = shippedCatalogue.quantizations.find(({ id }) => id === format)
  if (model === undefined || quantization === undefined) throw new Error(`no ${modelId} at ${format}`)
  return {
    machine,
    model,
    quantization,
    contextTokens: 8192,
    users: 1,
    kvType: 'f16',
    engine: 'llama.cpp',
    ...rest,
  }
}
