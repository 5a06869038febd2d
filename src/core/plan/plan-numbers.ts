import { sequenceProfile } from '#core/footprint/sequence-profile.ts'
import { weightsProfile } from '#core/footprint/weights-profile.ts'
import { choosePlacement, type Candidate } from '#core/placement/choose-placement.ts'
import { loadBytes, missingBytes, type PoolLoad } from '#core/placement/layout.ts'
import { machineProfile } from '#core/placement/machine-profile.ts'
import { computeTerms, type PlanTerms } from '#core/placement/plan-terms.ts'
import { upperLoadBytes } from '#core/plan/memory-bounds.ts'
import type { Fit, PlanRequest } from '#core/plan/plan.ts'
import type { Simulation } from '#core/plan/simulation.ts'
import { weightsOf } from '#core/quant/weights.ts'
import { correctedDecodeSeconds, correctedPrefillSeconds } from '#core/speed/corrected-speed.ts'
import { QUOTED_PROMPT_TOKENS } from '#core/speed/prefill-seconds.ts'
import type { AcceleratorBackend, SpeedModel } from '#core/speed/speed-model.ts'

/** The answer to a plan in plain numbers: what `evaluatePlan` wraps in figures and rankings sort by. */
export interface PlanNumbers {
  readonly terms: PlanTerms
  readonly candidate: Candidate
  readonly depthTokens: number
  readonly fit: Fit
  readonly missingBytes: number
  readonly totalBytes: number
  readonly budgetBytes: number
  /** Tokens a second; `NaN` where not known. */
  readonly decodeTokensPerSecond: number
  readonly prefillTokensPerSecond: number
  readonly throughputTokensPerSecond: number
  readonly timeToFirstTokenSeconds: number
  /** What llama.cpp's allocator said of this plan; null while nobody asked it. */
  readonly simulation: Simulation | null
}

/** Tokens in the cache when decoding is timed, where the request does not say: half the context, at most 4096. */
function defaultDepthTokens(contextTokens: number): number {
  return Math.min(4096, Math.floor(contextTokens / 2))
}

/** The one function that decides whether and how a plan runs; about four microseconds once its model is warm. */
export function planNumbers(request: PlanRequest, speedModel: SpeedModel): PlanNumbers {
  const terms = planTerms(request, speedModel)
  const candidate = choosePlacement(terms, request.gpuLayers ?? 'auto')
  const { layout } = candidate
  const decode = 1 / candidate.seconds
  const prefill = correctedPrefillSeconds(terms, layout, QUOTED_PROMPT_TOKENS)
  return {
    terms,
    candidate,
    depthTokens: terms.sequence.shape.depthTokens,
    fit: candidate.missingBytes > 0 ? 'no' : fitOf(terms, candidate.loads),
    ...planTotals(terms, candidate),
    decodeTokensPerSecond: decode,
    prefillTokensPerSecond: 1 / prefill,
    throughputTokensPerSecond:
      request.users === 1 ? decode : request.users / correctedDecodeSeconds(terms, layout, request.users),
    timeToFirstTokenSeconds: prefill * QUOTED_PROMPT_TOKENS + candidate.seconds,
    simulation: null,
  }
}

/** What a plan takes of the memory it is judged by, what it may take, and what it lacks in its fullest pool. */
export function planTotals(
  terms: PlanTerms,
  candidate: Candidate,
): Pick<PlanNumbers, 'totalBytes' | 'budgetBytes' | 'missingBytes'> {
  let totalBytes = 0
  let budgetBytes = 0
  for (const load of workingLoads(candidate)) {
    totalBytes += loadBytes(load)
    budgetBytes += loadBudgetBytes(terms, load)
  }
  return { totalBytes, budgetBytes, missingBytes: candidate.missingBytes }
}

/** The backend asked for, where it is one of accelerators. MLX runs on Metal: asked for Metal, its own class is meant. */
function acceleratorBackend({ backend, engine }: PlanRequest): AcceleratorBackend | undefined {
  if (backend === 'cpu') return undefined
  return backend === 'metal' && engine === 'mlx' ? 'mlx' : backend
}

function planTerms(request: PlanRequest, speedModel: SpeedModel): PlanTerms {
  const { model, quantization, engine } = request
  const flashAttention = request.flashAttention ?? true
  const { architecture } = model
  return {
    architecture,
    quantization,
    engine,
    users: request.users,
    flashAttention,
    weights: weightsProfile(model, weightsOf(model, quantization)),
    sequence: sequenceProfile(model, {
      contextTokens: request.contextTokens,
      users: request.users,
      kvType: request.kvType,
      flashAttention,
      depthTokens: request.depthTokens ?? defaultDepthTokens(request.contextTokens),
    }),
    machine: machineProfile(request.machine, speedModel, {
      engine,
      backend: acceleratorBackend(request),
      useReserve: request.useReserve ?? false,
      cpuOnly: request.backend === 'cpu',
    }),
    speedModel,
    ...computeTerms(architecture, {
      contextTokens: request.contextTokens,
      flashAttention,
      kvType: request.kvType,
    }),
  }
}

/**
 * The memory a plan is judged by: the pools its layers work in. With all layers on cards of their own memory, what
 * stays in RAM (the embedding table that is only looked up, the process) is no part of the total: RAM is plentiful
 * there, and adding its budget would hide how full the card is. It is listed among the pools, and must fit as well.
 */
export function workingLoads({ layout, loads }: Candidate): readonly PoolLoad[] {
  if (layout.mode !== 'gpu' && layout.mode !== 'multi-gpu') return loads
  return loads.filter((load) => load.deviceBytes > 0)
}

/**
 * Most a load of this make-up may be: all of the pool's budget, or of a unified pool what accelerators may take of it
 * plus the part that is not theirs.
 */
export function loadBudgetBytes(terms: PlanTerms, load: PoolLoad): number {
  const pool = terms.machine.pools[load.poolIndex]!
  if (load.deviceBytes === 0) return pool.budgetBytes
  return Math.min(pool.budgetBytes, pool.deviceBudgetBytes + loadBytes(load) - load.deviceBytes)
}

/** Room that must be left for a plan to count as fitting well: measured use differs from run to run by about this. */
const SPARE_SHARE = 0.03

/** `no` when any pool lacks bytes, `tight` when an upper bound or the spare room is not covered in one. */
export function fitOf(terms: PlanTerms, loads: readonly PoolLoad[]): Fit {
  let fit: Fit = 'fits'
  for (const load of loads) {
    const ofPool = poolFit(terms, load)
    if (ofPool === 'no') return 'no'
    if (ofPool === 'tight') fit = 'tight'
  }
  return fit
}

/** Fit of one pool. */
export function poolFit(terms: PlanTerms, load: PoolLoad): Fit {
  if (missingBytes(terms, load) > 0) return 'no'
  const pool = terms.machine.pools[load.poolIndex]!
  const upper = upperLoadBytes(load)
  const ofDevice = (upper * load.deviceBytes) / loadBytes(load)
  const roomy =
    upper <= pool.budgetBytes * (1 - SPARE_SHARE) && ofDevice <= pool.deviceBudgetBytes * (1 - SPARE_SHARE)
  return roomy ? 'fits' : 'tight'
}
