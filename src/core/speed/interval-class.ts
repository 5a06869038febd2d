import type { Layout } from '#core/placement/layout.ts'
import type { PlanTerms } from '#core/placement/plan-terms.ts'
import type { DecodeClassCoefficients, IntervalClass } from '#core/speed/speed-model.ts'

/** Below this many measured runs a class's coefficients are a prior, and its interval is wider. */
const ENOUGH_RUNS = 10

/** True where too few measured runs stand behind a class. */
export function isFewRuns(decodeClass: DecodeClassCoefficients): boolean {
  return decodeClass.runs < ENOUGH_RUNS
}

/** How certain a decode speed is: the widest of the reasons to doubt it. */
export function decodeIntervalClass(terms: PlanTerms, layout: Layout): IntervalClass {
  if (bandwidthIsGuessed(terms, layout)) return 'bandwidth-unknown'
  if (layout.shares.length === 0) return 'cpu'
  if (layout.start > 0 || layout.mode === 'experts-in-ram') return 'split'
  if (layout.shares.some((share) => isFewRuns(share.device.speed.decode))) return 'few-runs'
  return terms.architecture.moe === null ? 'dense' : 'moe'
}

/** True where any bandwidth the speed rests on was guessed from the core count. */
function bandwidthIsGuessed(terms: PlanTerms, layout: Layout): boolean {
  const usesHost = layout.start > 0 || layout.mode === 'experts-in-ram'
  return (
    (usesHost && terms.machine.host.guessed) ||
    layout.shares.some((share) => share.device.speed.bandwidthGuessed)
  )
}
