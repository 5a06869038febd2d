import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { Backend, Machine } from '#core/machine/machine.ts'
import { machineAsIf } from './as-if-machines.ts'
import { whatIfOf } from './input/machine-options.ts'
import type { SessionOptions } from './open-session.ts'
import { usageError } from './usage-error.ts'

/** What really runs can run only here: hardware that is made up or elsewhere is refused. A backend is a choice, no hardware. */
export function checkThisMachine(options: SessionOptions, flag: string): void {
  const { backend: _choice, ...hardware } = options
  const isElsewhere = options.machine !== undefined || options.replay !== undefined
  if (!isElsewhere && whatIfOf(hardware) === null) return
  throw usageError(
    `${flag} runs on this very machine; it cannot answer for hardware that is made up or elsewhere.`,
    `Leave out ${flag}, or the options of another machine.`,
  )
}

/** Refuses a backend that nothing here runs, in the words of the made-up machine with that backend alone. */
export function checkBackend(
  backend: Backend | undefined,
  machine: Machine,
  specs: readonly AcceleratorSpec[],
): void {
  if (backend !== undefined) machineAsIf(machine, whatIfOf({ backend }), specs)
}
