import type { Measurement } from '#core/measure/measurement.ts'

/**
 * Processors that others may keep busy while the CPU is measured. Threads of llama.cpp wait for each other in every step:
 * with one of two cores taken half of the time, steps took ten to a hundred times as long.
 */
export const MOST_OTHERS_BUSY = 0.3

/** True where other programs slowed the measurement down so much that it says more about them than about the machine. */
export function isDisturbed({ engine, plan, othersBusyProcessors }: DisturbableRun): boolean {
  const usesCpu = engine.backend === 'cpu' || plan?.mode === 'partial'
  return usesCpu && othersBusyProcessors !== null && othersBusyProcessors > MOST_OTHERS_BUSY
}

/** A measured plan, or the speed of a machine, which has none. */
type DisturbableRun = Pick<Measurement, 'engine' | 'othersBusyProcessors'> & {
  readonly plan?: Measurement['plan']
}

/** What to think of a disturbed measurement, in words; null of one that was not. */
export function disturbanceWords(run: DisturbableRun): string | null {
  if (!isDisturbed(run)) return null
  const processors = (run.othersBusyProcessors ?? 0).toFixed(1)
  return `Other programs kept ${processors} processors busy meanwhile: this says more about them than about the machine, and corrects no other estimate. Measure again when they are done.`
}
