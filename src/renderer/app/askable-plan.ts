import type { PlanWish } from '#contract/measuring.ts'
import { applySimulation, simulationKey } from '#core/plan/apply-simulation.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import type { Simulation } from '#core/plan/simulation.ts'

/** Why llama.cpp cannot be asked about a plan here. */
export type NotAskable = 'as-if' | 'engine' | 'flash-attention'

/** A plan as the backend is asked about it. */
export interface AskablePlan {
  readonly request: PlanRequest
  readonly wish: PlanWish
  /** What a simulation of it is kept under. */
  readonly key: string
  /** Null: it can be asked. */
  readonly refused: NotAskable | null
}

/** The question to the backend that a plan makes; only plans of llama.cpp on the machine that is here can be asked. */
export function askablePlan(request: PlanRequest, numbers: PlanNumbers): AskablePlan {
  const { model, quantization, contextTokens, users, kvType, backend = null } = request
  return {
    request,
    wish: {
      modelId: model.id,
      quantizationId: quantization.id,
      contextTokens,
      users,
      kvType,
      gpuLayers: request.gpuLayers ?? 'auto',
      useReserve: request.useReserve ?? false,
      backend,
    },
    key: simulationKey(request, numbers),
    refused: refusalOf(request),
  }
}

function refusalOf({ machine, engine, flashAttention = true }: PlanRequest): NotAskable | null {
  if (machine.asIf) return 'as-if'
  if (engine !== 'llama.cpp') return 'engine'
  return flashAttention ? null : 'flash-attention'
}

/** The numbers of a plan with what the allocator said of it, where it was asked. */
export function exactNumbers(
  numbers: PlanNumbers,
  plan: AskablePlan,
  known: ReadonlyMap<string, Simulation>,
): PlanNumbers {
  const simulation = plan.refused === null ? known.get(plan.key) : undefined
  return simulation === undefined ? numbers : applySimulation(numbers, simulation)
}
