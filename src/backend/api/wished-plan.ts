import type { MeasureJob } from '#backend/llama/measuring.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { MeasureWish, PlanWish } from '#contract/measuring.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { PlanRequest } from '#core/plan/plan.ts'

/** What a plan is made from. */
export interface Situation {
  readonly machine: Machine
  readonly catalogue: Catalogue
}

/** The request a face named by identifiers. Throws `UNKNOWN_MODEL`, `UNKNOWN_QUANTIZATION`. */
export function wishedPlan(wish: PlanWish, machine: Machine, catalogue: Catalogue): PlanRequest {
  const { modelId, quantizationId, backend, ...rest } = wish
  const model = catalogue.models.find(({ id }) => id === modelId)
  if (model === undefined) {
    throw new InhouseError({
      code: 'UNKNOWN_MODEL',
      message: `There is no model "${modelId}" in the catalogue.`,
      nextStep: 'Choose one of the Models page.',
    })
  }
  const quantization = catalogue.quantizations.find(({ id }) => id === quantizationId)
  if (quantization === undefined) {
    throw new InhouseError({
      code: 'UNKNOWN_QUANTIZATION',
      message: `There is no quantization "${quantizationId}".`,
      nextStep: 'Choose one of the ladder on the Model page.',
    })
  }
  return {
    ...rest,
    machine,
    model,
    quantization,
    engine: 'llama.cpp',
    ...(backend === null ? {} : { backend }),
  }
}

/** The dry run a face asked for. */
export function measureJob(wish: MeasureWish, { machine, catalogue }: Situation): MeasureJob {
  const { plan, method, streams, force } = wish
  return { request: wishedPlan(plan, machine, catalogue), catalogue, method, streams, force }
}
