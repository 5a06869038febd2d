import type { ContextOptions, LoadOptions } from '#backend/llama/engine-job.ts'
import { gpuLayersOf } from '#core/plan/apply-simulation.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { inferenceThreads } from '#core/speed/host-speed.ts'

/** How the engine loads a plan: its backend, its layers, and as many threads as there are physical cores for us. */
export function loadOptionsOf(
  request: Pick<PlanRequest, 'machine'>,
  numbers: PlanNumbers,
): Omit<LoadOptions, 'path'> {
  return {
    backend: numbers.candidate.layout.backend,
    gpuLayers: gpuLayersOf(numbers),
    threads: inferenceThreads(request.machine),
  }
}

/** The context of a plan: one sequence a user. */
export function contextOptionsOf(request: PlanRequest): ContextOptions {
  return {
    contextTokens: request.contextTokens,
    sequences: request.users,
    kvType: request.kvType,
    flashAttention: request.flashAttention ?? true,
  }
}
