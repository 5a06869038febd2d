import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { Machine } from '#core/machine/machine.ts'
import { applyWhatIf } from '#core/machine/what-if.ts'
import type { WhatIf } from '#core/machine/what-if.ts'
import { usageError } from './usage-error.ts'

/** Made-up machines by what was made up. */
export type AsIfMachines = (whatIf: WhatIf | null) => Machine

/** The machine with what is made up about it, or an error that says what to write instead. */
export function machineAsIf(
  machine: Machine,
  whatIf: WhatIf | null,
  specs: readonly AcceleratorSpec[],
): Machine {
  if (whatIf === null) return machine
  const outcome = applyWhatIf(machine, whatIf, specs)
  if (outcome.kind === 'ok') return outcome.machine
  const message = outcome.message.charAt(0).toUpperCase() + outcome.message.slice(1)
  throw usageError(
    /[.?]$/.test(message) ? message : `${message}.`,
    'List the known GPUs with: inhouse accelerators',
  )
}

/**
 * Makes each machine once: a batch asks for the same few thousands of times, and the core keeps what it worked out
 * about a machine by the identity of its record.
 */
export function asIfMachines(machine: Machine, specs: readonly AcceleratorSpec[]): AsIfMachines {
  const made = new Map<string, Machine>()
  return (whatIf) => {
    const key = JSON.stringify(whatIf)
    const known = made.get(key)
    if (known !== undefined) return known
    const fresh = machineAsIf(machine, whatIf, specs)
    made.set(key, fresh)
    return fresh
  }
}
