import { PROCESS_BYTES } from '#core/footprint/runtime-overhead.ts'
import type { Device, DeviceSet } from '#core/placement/machine-profile.ts'
import { between, deviceScratchBytes, type PlanTerms } from '#core/placement/plan-terms.ts'
import type { PlacementMode } from '#core/plan/plan.ts'
import type { Backend } from '#core/machine/machine.ts'

/** Consecutive layers on one device. */
export interface LayerShare {
  readonly device: Device
  readonly from: number
  readonly to: number
  readonly hasOutput: boolean
}

/**
 * Where every layer lies. As llama.cpp does: the first layers stay in RAM, the last ones and the output go to
 * accelerators; the token table always stays in RAM; experts of layers before `expertsFrom` stay in RAM too.
 */
export interface Layout {
  readonly mode: PlacementMode
  readonly backend: Backend
  readonly set: DeviceSet | null
  readonly shares: readonly LayerShare[]
  /** First layer on an accelerator; equals the layer count when all are in RAM. */
  readonly start: number
  /** First layer whose routed experts are on an accelerator. */
  readonly expertsFrom: number
}

/** What a layout puts into one pool. */
export interface PoolLoad {
  readonly poolIndex: number
  layers: number
  weightsBytes: number
  kvCacheBytes: number
  computeBytes: number
  overheadBytes: number
  /** Part of `overheadBytes` the system can take back: file pages of weights that were repacked, while there is room. */
  reclaimableBytes: number
  /** Part of all that accelerators take. */
  deviceBytes: number
  /**
   * llama.cpp with all layers on the CPU: what its graph takes there is replayed step by step. Not DeepSeek V4, whose
   * steps are simplified.
   */
  replayed?: boolean
  /** Weights, cache and compute are llama.cpp's own figures, not an estimate. */
  simulated?: boolean
}

/** All bytes of a load. */
export function loadBytes(load: PoolLoad): number {
  return load.weightsBytes + load.kvCacheBytes + load.computeBytes + load.overheadBytes
}

/** What each pool the layout touches holds; a unified pool once, with the device's and the host's part. */
export function poolLoads(terms: PlanTerms, layout: Layout): readonly PoolLoad[] {
  const loads: PoolLoad[] = []
  for (const share of layout.shares) addShare(terms, layout, share, loadOf(loads, share.device.poolIndex))
  if (terms.engine !== 'vllm' || layout.shares.length === 0)
    addHost(terms, layout, loadOf(loads, terms.machine.ramIndex))
  return loads
}

function loadOf(loads: PoolLoad[], poolIndex: number): PoolLoad {
  const known = loads.find((load) => load.poolIndex === poolIndex)
  if (known) return known
  const load: PoolLoad = {
    poolIndex,
    layers: 0,
    weightsBytes: 0,
    kvCacheBytes: 0,
    computeBytes: 0,
    overheadBytes: 0,
    reclaimableBytes: 0,
    deviceBytes: 0,
  }
  loads.push(load)
  return load
}

function addShare(terms: PlanTerms, layout: Layout, share: LayerShare, load: PoolLoad): void {
  const { from, to, hasOutput, device } = share
  const { weights, sequence } = terms
  const expertsFrom = Math.max(from, layout.expertsFrom)
  const weightsBytes =
    between(weights.densePrefix, from, to) +
    between(weights.expertPrefix, expertsFrom, Math.max(to, expertsFrom)) +
    (hasOutput ? weights.weights.outputBytes : 0) +
    (terms.engine === 'vllm' && hasOutput ? hostTableBytes(terms, layout) : 0)
  const kvCacheBytes = between(sequence.cachePrefix, from, to)
  const computeBytes = deviceScratchBytes(terms, hasOutput, layout.shares.length > 1)
  const overheadBytes = between(sequence.statePrefix, from, to) + device.runtimeBytes
  load.layers += to - from
  load.weightsBytes += weightsBytes
  load.kvCacheBytes += kvCacheBytes
  load.computeBytes += computeBytes
  load.overheadBytes += overheadBytes
  load.deviceBytes += weightsBytes + kvCacheBytes + computeBytes + overheadBytes
}

/** Tables that are looked up in RAM. Metal maps the file once, so a table that doubles as the head costs nothing more. */
function hostTableBytes(terms: PlanTerms, layout: Layout): number {
  const { tokenEmbeddingBytes, otherBytes, tiedOutput } = terms.weights.weights
  const mappedOnce = tiedOutput && (layout.backend === 'metal' || layout.backend === 'mlx')
  return otherBytes + (mappedOnce ? 0 : tokenEmbeddingBytes)
}

function addHost(terms: PlanTerms, layout: Layout, load: PoolLoad): void {
  const { weights, sequence } = terms
  const alone = layout.shares.length === 0
  load.layers += layout.start
  load.weightsBytes += alone
    ? weights.weights.tensorBytes - weights.weights.predictionBytes
    : hostTableBytes(terms, layout) +
      between(weights.densePrefix, 0, layout.start) +
      between(weights.expertPrefix, 0, layout.expertsFrom)
  load.kvCacheBytes += between(sequence.cachePrefix, 0, layout.start)
  load.computeBytes += alone ? terms.cpuComputeBytes : terms.hostComputeBytes
  load.overheadBytes += between(sequence.statePrefix, 0, layout.start) + PROCESS_BYTES
  if (alone) {
    load.replayed = terms.engine !== 'vllm' && terms.architecture.attention.compressed === null
    // Pure CPU inference copies weights repacked for its vector units. The mapped file pages they came from stay as far
    // as there is room; the system takes the rest back.
    const room = Math.max(0, terms.machine.pools[load.poolIndex]!.budgetBytes - loadBytes(load))
    const kept = Math.min(repackedBytes(terms), room)
    load.overheadBytes += kept
    load.reclaimableBytes += kept
  }
}

/** Weights a plan wholly on this CPU holds repacked. */
export function repackedBytes(terms: PlanTerms): number {
  const { repackableBytes, repackableArmBytes } = terms.weights.weights
  switch (terms.machine.repacking) {
    case 'x86':
      return repackableBytes
    case 'arm':
      return repackableArmBytes
    case 'none':
      return 0
  }
}

/** Bytes a load lacks in its pool, of the pool's whole budget or of what accelerators may take; 0 when it fits. */
export function missingBytes(terms: PlanTerms, load: PoolLoad): number {
  const pool = terms.machine.pools[load.poolIndex]!
  const total = loadBytes(load) - load.reclaimableBytes
  return Math.max(0, total - pool.budgetBytes, load.deviceBytes - pool.deviceBudgetBytes)
}
