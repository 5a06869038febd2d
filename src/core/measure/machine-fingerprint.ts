import type { Machine } from '#core/machine/machine.ts'
import { bytesToGibibytes } from '#core/units/units.ts'

/**
 * Tells machines apart by what decides their speed: processor, usable cores, RAM, accelerators. Two identical machines
 * have the same one, so a colleague's measurements count; nothing in it names a person or a place.
 * `linux/AMD EPYC 7B13/2 cores/24 GiB/none`.
 */
export function machineFingerprint(machine: Machine): string {
  const { os, cpu, memory, accelerators } = machine
  const cores = cpu.usableCores ?? cpu.physicalCores
  const devices = accelerators
    .filter((accelerator) => accelerator.usable)
    .map(({ name, memoryBytes }) => `${name} ${gibibytes(memoryBytes)}`)
  return [
    os.platform,
    cpu.name ?? 'unknown CPU',
    cores === null ? 'unknown cores' : `${cores} cores`,
    gibibytes(memory.totalBytes),
    devices.length === 0 ? 'none' : devices.toSorted().join(' + '),
  ].join('/')
}

/** Whole GiB: what firmware keeps for itself differs from start to start. */
function gibibytes(bytes: number | null): string {
  return bytes === null ? 'unknown GiB' : `${Math.round(bytesToGibibytes(bytes))} GiB`
}
