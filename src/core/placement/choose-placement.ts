import {
  layOutOnCpu,
  layOutOnDevices,
  layOutPartly,
  layOutWhole,
  layOutWithExpertsInRam,
  mayHoldWhole,
} from '#core/placement/lay-out-layers.ts'
import { loadBytes, missingBytes, poolLoads, type Layout, type PoolLoad } from '#core/placement/layout.ts'
import type { DeviceSet } from '#core/placement/machine-profile.ts'
import type { PlanTerms } from '#core/placement/plan-terms.ts'
import { correctedDecodeSeconds } from '#core/speed/corrected-speed.ts'

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
  if (cannotFit(terms)) return leastMissing(terms)
  const whole = wholePlacement(terms)
  if (whole !== null && isSettled(terms, whole)) return whole
  const candidates = [...(whole === null ? [] : [whole]), ...splitPlacements(terms)]
  if (runsOnCpu(terms)) candidates.push(costOf(terms, layOutOnCpu(terms)))
  const best = candidates.length === 0 ? null : candidates.reduce(better)
  return best !== null && best.missingBytes === 0 ? best : leastMissing(terms)
}

/** True where the model and its cache are more than all memory that plans may use. */
function cannotFit(terms: PlanTerms): boolean {
  const { weights, layers } = terms.weights
  const state = terms.sequence.statePrefix[layers]! + terms.sequence.cachePrefix[layers]!
  return weights.tensorBytes - weights.predictionBytes + state > terms.machine.budgetBytes
}

/**
 * Everything on accelerators, if that fits anywhere. Several devices are tried only when none alone holds it all:
 * layers run one after the other, so they are never faster than the fastest of them.
 */
function wholePlacement(terms: PlanTerms): Candidate | null {
  let best: Candidate | null = null
  for (const set of terms.machine.deviceSets) {
    if ((best !== null && set.devices.length > 1) || !mayHoldWhole(terms, set)) continue
    const candidate = costOf(terms, layOutWhole(terms, set))
    if (candidate.missingBytes === 0) best = best === null ? candidate : better(best, candidate)
  }
  return best
}

/**
 * True where nothing can be faster than everything on these devices: not the CPU, because it reads memory at half
 * their speed or less, and not a split, unless they are a slow unified device beside cards of its own memory.
 */
function isSettled(terms: PlanTerms, whole: Candidate): boolean {
  const { bytesPerSecond } = terms.machine.host
  const { set, shares } = whole.layout
  const ofDevice = shares[0]?.device.speed.bandwidthBytesPerSecond ?? Infinity
  if (bytesPerSecond !== null && ofDevice < 2 * bytesPerSecond) return false
  return !set?.unified || terms.machine.largestSets.every((other) => other.unified)
}

/** What fits with part of the model in RAM. */
function splitPlacements(terms: PlanTerms): Candidate[] {
  const candidates: Candidate[] = []
  for (const set of terms.machine.largestSets) {
    for (const layOut of [layOutWithExpertsInRam, layOutPartly]) {
      const roomy = fitting(terms, layOut(terms, set, 'comfortable'))
      const candidate = roomy ?? fitting(terms, layOut(terms, set, 'brim'))
      if (candidate !== null) candidates.push(candidate)
    }
  }
  return candidates
}

function fitting(terms: PlanTerms, layout: Layout | null): Candidate | null {
  const candidate = layout === null ? null : costOf(terms, layout)
  return candidate !== null && candidate.missingBytes === 0 ? candidate : null
}

function leastMissing(terms: PlanTerms): Candidate {
  const layouts: (Layout | null)[] = terms.machine.largestSets.flatMap((set) => [
    layOutWhole(terms, set),
    layOutWithExpertsInRam(terms, set, 'brim'),
    layOutPartly(terms, set, 'brim'),
  ])
  layouts.push(layOutOnCpu(terms))
  return layouts.flatMap((layout) => (layout === null ? [] : [costOf(terms, layout)])).reduce(better)
}

function better(best: Candidate, candidate: Candidate): Candidate {
  return isBetter(candidate, best) ? candidate : best
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
  return { layout, loads, missingBytes: missing, seconds: correctedDecodeSeconds(terms, layout, 1) }
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
  return candidates.reduce(better)
}
