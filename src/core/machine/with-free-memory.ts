import type { Machine } from '#core/machine/machine.ts'

/** Free memory at one moment, in bytes; null where it could not be read. */
interface FreeBytes {
  readonly ramFreeBytes: number | null
  /** In the order of `machine.accelerators`. */
  readonly acceleratorFreeBytes: readonly (number | null)[]
}

/** The machine with what is free at this moment; what could not be read keeps the value of the scan. */
export function withFreeMemory(machine: Machine, now: FreeBytes | null): Machine {
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
