import type { Machine } from '#core/machine/machine.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import type { MachineSpeed } from '#core/measure/measurement.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'

/** What the CPU reaches when it runs layers itself; `null` where neither memory nor cores are known. */
export interface HostSpeed {
  /** Bytes a second that decoding really reads from system memory. */
  readonly bytesPerSecond: number | null
  /** Theoretical bandwidth, read or worked back from a guess: what a unified device without a record shares. */
  readonly bandwidthBytesPerSecond: number | null
  /** True where the memory modules could not be read and the core count stands in. */
  readonly guessed: boolean
  readonly flopsPerSecond: number | null
  readonly layerSeconds: number
  /** Rates that were measured on this very machine; they take the place of the others. */
  readonly measured: MachineSpeed | null
}

/**
 * Decode bandwidth of the CPU: the share of the theoretical figure that decoding reaches, but no more than its
 * usable cores can pull; where modules cannot be read, a line over the core count fitted on published CPU runs.
 */
export function hostSpeed(machine: Machine, speedModel: SpeedModel): HostSpeed {
  const { cpu, calibration } = speedModel
  const measured =
    calibration?.machine === machineFingerprint(machine) ? (calibration.host?.speed ?? null) : null
  const cores = inferenceCores(machine)
  const bandwidth = machine.memory.bandwidthBytesPerSecond
  const guess = cores === null ? null : cpu.unknownBaseBytesPerSecond + cpu.unknownCoreBytesPerSecond * cores
  const reached =
    bandwidth === null
      ? guess
      : Math.min(cpu.bandwidthShare * bandwidth, (cores ?? Infinity) * cpu.coreBytesPerSecond)
  return {
    bytesPerSecond: reached,
    bandwidthBytesPerSecond: bandwidth ?? (guess === null ? null : guess / cpu.bandwidthShare),
    guessed: bandwidth === null,
    flopsPerSecond: cores === null ? null : cores * cpu.coreFlopsPerSecond,
    layerSeconds: measured?.layerSeconds ?? cpu.layerSeconds,
    measured,
  }
}

/** Physical cores this process may use: more threads than that slow llama.cpp down. */
export function inferenceCores(machine: Machine): number | null {
  const { physicalCores, logicalCores, usableCores } = machine.cpu
  const physical = physicalCores ?? (logicalCores === null ? null : Math.max(1, Math.floor(logicalCores / 2)))
  if (physical === null) return usableCores
  return usableCores === null ? physical : Math.min(physical, usableCores)
}

/**
 * Threads that run layers: the fast physical cores this process may use. The slow cores of a hybrid CPU make the fast
 * ones wait at every step of the graph.
 */
export function inferenceThreads(machine: Machine): number {
  const { performanceCores } = machine.cpu
  return Math.max(1, Math.min(inferenceCores(machine) ?? 1, performanceCores ?? Infinity))
}
