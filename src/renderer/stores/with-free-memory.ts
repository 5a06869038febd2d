import type { FreeMemory } from '#contract/answers.ts'
import type { Machine } from '#core/machine/machine.ts'

/** The machine with what is free at this moment; what could not be read keeps the value of the scan. */
export function withFreeMemory(machine: Machine, now: FreeMemory | null): Machine {
  if (now === null || machine.asIf) return machine
  return {
    ...machine,
    memory: { ...machine.memory, freeBytes: now.ramFreeBytes ?? machine.memory.freeBytes },
    accelerators: machine.accelerators.map((accelerator, index) => ({
      ...accelerator,
      freeBytes: now.acceleratorFreeBytes[index] ?? accelerator.freeBytes,
    })),
  }
}
