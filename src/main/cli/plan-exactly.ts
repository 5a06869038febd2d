import type { Simulation } from '#core/plan/simulation.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { untilCancelled } from './cancel-signal.ts'
import type { CliContext } from './cli-context.ts'
import { openSession } from './open-session.ts'
import type { Session, SessionOptions } from './open-session.ts'
import { checkBackend, checkThisMachine } from './this-machine.ts'

/** A session, the plan asked for in it, and what llama.cpp's allocator says of that plan. */
export interface ExactPlan {
  readonly session: Session
  readonly request: PlanRequest
  readonly simulation: Simulation
}

/** Asks llama.cpp's allocator about a plan on this machine; its process starts while the machine is scanned. */
export async function planExactly(
  options: SessionOptions,
  context: CliContext,
  requestOf: (session: Session) => PlanRequest,
): Promise<ExactPlan> {
  checkThisMachine(options, '--exact')
  const { createMeasuring } = await import('#backend/llama/measuring.ts')
  const measuring = createMeasuring(context)
  try {
    return await untilCancelled(async (signal) => {
      measuring.warmUp()
      const { backend, ...hardware } = options
      const session = await openSession(hardware, context)
      checkBackend(backend, session.machine, session.catalogue.accelerators)
      const request = requestOf(session)
      const simulation = await measuring.simulate(request, session.catalogue, signal)
      return { session, request, simulation }
    })
  } finally {
    measuring.close()
  }
}
