import type { Figure } from '#core/figure/figure.ts'
import { loadBytes, type PoolLoad } from '#core/placement/layout.ts'
import type { PlanTerms } from '#core/placement/plan-terms.ts'
import { boundsOf, lowerLoadBytes, MEMORY_BOUNDS, upperLoadBytes } from '#core/plan/memory-bounds.ts'
import { planNotes } from '#core/plan/plan-notes.ts'
import {
  loadBudgetBytes,
  planNumbers,
  poolFit,
  workingLoads,
  type PlanNumbers,
} from '#core/plan/plan-numbers.ts'
import type { MemoryParts, Placement, PlanEvaluation, PlanRequest, PoolUse } from '#core/plan/plan.ts'
import { speedFigures } from '#core/plan/speed-figures.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'

/** Where, how well and how fast a plan runs, every number a figure with its interval and source. */
export function evaluatePlan(request: PlanRequest, speedModel: SpeedModel): PlanEvaluation {
  const numbers = planNumbers(request, speedModel)
  return describePlan(request, numbers)
}

/** Wraps numbers that `planNumbers` gave for the same request. */
export function describePlan(request: PlanRequest, numbers: PlanNumbers): PlanEvaluation {
  const { terms, candidate } = numbers
  return {
    modelId: request.model.id,
    quantizationId: request.quantization.id,
    engine: request.engine,
    contextTokens: request.contextTokens,
    users: request.users,
    kvType: request.kvType,
    depthTokens: numbers.depthTokens,
    placement: placementOf(numbers),
    fileBytes: bytesFigure(terms.weights.weights.fileBytes, MEMORY_BOUNDS.weights, FILE_SOURCE),
    memory: memoryParts(workingLoads(candidate), numbers.budgetBytes),
    pools: candidate.loads.map((load) => poolUse(terms, load)),
    fit: numbers.fit,
    missingBytes: numbers.missingBytes,
    ...speedFigures(numbers),
    notes: planNotes(request, numbers),
  }
}

function placementOf(numbers: PlanNumbers): Placement {
  const { layout } = numbers.candidate
  const { layers } = numbers.terms.weights
  return {
    mode: layout.mode,
    backend: layout.backend,
    gpuLayers: layout.shares.length === 0 ? 0 : layers + 1 - layout.start,
    totalLayers: layers + 1,
    acceleratorIndices: layout.shares
      .filter((share) => share.to > share.from || share.hasOutput)
      .map((share) => share.device.index),
  }
}

const FILE_SOURCE = 'every tensor of the architecture at the type its quantization recipe gives it'
const WEIGHTS_SOURCE = `${FILE_SOURCE}, where it is loaded`
const CACHE_SOURCE = 'cells and types as llama.cpp allocates them for this context and these users'
const COMPUTE_SOURCE =
  'steps of the graph at 512 tokens a micro-batch, replayed on the allocator of llama.cpp'
const OVERHEAD_SOURCE =
  'recurrent state, runtime context, process and CPU repacking, from logged runs and stated assumptions'
const TOTAL_SOURCE = 'weights + KV cache + compute + overhead'
const ALLOCATOR_SOURCE = "llama.cpp's own allocator, given a file without weights"
const SIMULATED_TOTAL_SOURCE = `${ALLOCATOR_SOURCE}, and the estimated overhead, which alone makes the interval`
const BUDGET_SOURCE = 'what is free in the memory this plan uses, less the reserve'

function bytesFigure(
  value: number,
  bounds: { readonly low: number; readonly high: number },
  source: string,
): Figure {
  return {
    value,
    unit: 'bytes',
    basis: 'estimated',
    low: value * bounds.low,
    high: value * bounds.high,
    source,
  }
}

/** What the allocator of llama.cpp said, where all of the loads are its own. */
function allocatedFigure(
  value: number,
  loads: readonly PoolLoad[],
  part: 'weights' | 'kvCache' | 'compute',
  sources: { readonly estimated: string; readonly simulated: string },
): Figure {
  if (loads.every((load) => load.simulated === true))
    return { value, unit: 'bytes', basis: 'simulated', source: `${ALLOCATOR_SOURCE}: ${sources.simulated}` }
  const replayed = loads.every((load) => load.replayed === true)
  return bytesFigure(value, boundsOf({ replayed })[part], sources.estimated)
}

function memoryParts(loads: readonly PoolLoad[], budgetBytes: number): MemoryParts {
  const sum = (part: (load: PoolLoad) => number) => loads.reduce((total, load) => total + part(load), 0)
  const overhead = sum((load) => load.overheadBytes)
  const firm = overhead - sum((load) => load.reclaimableBytes)
  return {
    weights: allocatedFigure(
      sum((load) => load.weightsBytes),
      loads,
      'weights',
      { estimated: WEIGHTS_SOURCE, simulated: 'weights' },
    ),
    kvCache: allocatedFigure(
      sum((load) => load.kvCacheBytes),
      loads,
      'kvCache',
      { estimated: CACHE_SOURCE, simulated: 'cache, by its cells and types' },
    ),
    compute: allocatedFigure(
      sum((load) => load.computeBytes),
      loads,
      'compute',
      { estimated: COMPUTE_SOURCE, simulated: 'context less its cache and state' },
    ),
    overhead: {
      ...bytesFigure(overhead, MEMORY_BOUNDS.overhead, OVERHEAD_SOURCE),
      low: firm * MEMORY_BOUNDS.overhead.low,
      high: overhead + firm * (MEMORY_BOUNDS.overhead.high - 1),
    },
    total: {
      value: sum(loadBytes),
      unit: 'bytes',
      basis: loads.every((load) => load.simulated === true) ? 'simulated' : 'estimated',
      low: sum(lowerLoadBytes),
      high: sum(upperLoadBytes),
      source: loads.every((load) => load.simulated === true) ? SIMULATED_TOTAL_SOURCE : TOTAL_SOURCE,
    },
    budget: { value: budgetBytes, unit: 'bytes', basis: 'estimated', source: BUDGET_SOURCE },
  }
}

function poolUse(terms: PlanTerms, load: PoolLoad): PoolUse {
  const pool = terms.machine.pools[load.poolIndex]!
  return {
    pool: pool.id,
    label: pool.label,
    layers: load.layers,
    memory: memoryParts([load], loadBudgetBytes(terms, load)),
    reserveBytes: pool.reserveBytes,
    capacityBytes: pool.capacityBytes,
    fit: poolFit(terms, load),
  }
}
