import {
  layOutOnCpu,
  layOutOnDevices,
  layOutPartly,
  layOutWhole,
  layOutWithExpertsInRam,
} from '#core/placement/lay-out-layers.ts'
import { loadBytes, missingBytes, poolLoads, type Layout, type PoolLoad } from '#core/placement/layout.ts'
import type { DeviceSet } from '#core/placement/machine-profile.ts'
import type { PlanTerms } from '#core/placement/plan-terms.ts'
import { decodeSeconds } from '#core/speed/decode-seconds.ts'

/** A layout with what it costs. */
export interface Candidate {
  readonly layout: Layout
  readonly loads: readonly PoolLoad[]
  readonly missingBytes: number
  /** Seconds a token; `NaN` where not known. */
  readonly seconds: number
}

/**
 * The fastest way to hold the plan: whole on one device, over several of one backend, experts in RAM, some layers in
 * RAM, or all of it; where nothing fits, the way that lacks least. Where a speed is not known, accelerators first.
 */
export function choosePlacement(terms: PlanTerms, gpuLayers: number | 'auto'): Candidate {
  if (gpuLayers !== 'auto') return fixedPlacement(terms, gpuLayers)
  let best: Candidate | null = null
  const consider = (layout: Layout | null): boolean => {
    if (layout === null) return false
    const candidate = costOf(terms, layout)
    if (best === null || isBetter(candidate, best)) best = candidate
    return candidate.missingBytes === 0
  }
  const sets = terms.machine.deviceSets
  let wholeFits = false
  for (const set of sets) {
    // Several devices are never faster than one that holds it all: layers run one after the other.
    if (wholeFits && set.devices.length > 1) continue
    wholeFits = consider(layOutWhole(terms, set)) || wholeFits
  }
  if (!wholeFits) {
    for (const set of sets) {
      if (!consider(layOutWithExpertsInRam(terms, set, 'comfortable')))
        consider(layOutWithExpertsInRam(terms, set, 'brim'))
      if (!consider(layOutPartly(terms, set, 'comfortable'))) consider(layOutPartly(terms, set, 'brim'))
    }
  }
  if (best === null || runsOnCpu(terms)) consider(layOutOnCpu(terms))
  return best!
}

/** MLX and vLLM have no CPU path worth planning; there the CPU stands only for "nothing else". */
function runsOnCpu(terms: PlanTerms): boolean {
  return terms.engine === 'llama.cpp' || terms.engine === 'ollama'
}

function costOf(terms: PlanTerms, layout: Layout): Candidate {
  const loads = poolLoads(terms, layout)
  let missing = 0
  for (const load of loads) missing = Math.max(missing, missingBytes(terms, load))
  // An engine without a CPU path has nowhere to put anything: all of it is missing.
  if (layout.mode === 'cpu' && !runsOnCpu(terms))
    missing = loads.reduce((sum, load) => sum + loadBytes(load), 0)
  return { layout, loads, missingBytes: missing, seconds: decodeSeconds(terms, layout, 1) }
}

function isBetter(a: Candidate, b: Candidate): boolean {
  if (a.missingBytes !== b.missingBytes && (a.missingBytes > 0 || b.missingBytes > 0))
    return a.missingBytes < b.missingBytes
  // An unknown speed never replaces what was considered before it: accelerators come first. Nor does the same speed
  // up to rounding: fewer devices come first.
  return a.seconds < b.seconds * (1 - 1e-9)
}

/**
 * The number of layers the user set, counted as llama.cpp does: the output first, then the last layers. On the first
 * set that holds them, else on the one that lacks least.
 */
function fixedPlacement(terms: PlanTerms, gpuLayers: number): Candidate {
  const { layers } = terms.weights
  const start = Math.max(0, layers + 1 - gpuLayers)
  if (gpuLayers <= 0 || terms.machine.deviceSets.length === 0) return costOf(terms, layOutOnCpu(terms))
  const candidates = terms.machine.deviceSets.map((set: DeviceSet) =>
    costOf(terms, layOutOnDevices(terms, set, start, start)),
  )
  return candidates.reduce((best, candidate) => (isBetter(candidate, best) ? candidate : best))
}
