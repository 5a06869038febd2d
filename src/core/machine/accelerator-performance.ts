import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { AcceleratorPerformance } from '#core/machine/machine.ts'

/** The value all records share, null when they differ. */
export function sharedValue<T>(
  specs: readonly AcceleratorSpec[],
  read: (spec: AcceleratorSpec) => T,
): T | null {
  const [first, ...rest] = specs.map(read)
  return first !== undefined && rest.every((value) => value === first) ? first : null
}

/** Figures of the table for a device that is one of these records; what they do not share stays unknown. */
export function performanceOf(candidates: readonly AcceleratorSpec[]): AcceleratorPerformance | null {
  const [first] = candidates
  if (first === undefined) return null
  return {
    bandwidthBytesPerSecond: sharedValue(candidates, (spec) => spec.bandwidthBytesPerSecond),
    fp32FlopsPerSecond: sharedValue(candidates, (spec) => spec.fp32FlopsPerSecond),
    fp16FlopsPerSecond: sharedValue(candidates, (spec) => spec.fp16FlopsPerSecond),
    architecture: sharedValue(candidates, (spec) => spec.architecture),
    family: sharedValue(candidates, (spec) => spec.family),
    source:
      candidates.length === 1 ? first.sources.join('; ') : 'accelerator table, what all candidates share',
    asOf: first.asOf,
  }
}
