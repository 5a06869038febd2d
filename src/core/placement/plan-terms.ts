import {
  deviceComputeBytes,
  hostComputeBytes,
  PIPELINE_COPY_BYTES,
  type ComputeShape,
} from '#core/footprint/compute-buffers.ts'
import type { SequenceProfile } from '#core/footprint/sequence-profile.ts'
import type { WeightsProfile } from '#core/footprint/weights-profile.ts'
import type { Architecture } from '#core/model/model.ts'
import type { Device, MachineProfile } from '#core/placement/machine-profile.ts'
import type { Engine, Quantization } from '#core/quant/quantization.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'

/** Everything placement and speed need of one plan, worked out once. */
export interface PlanTerms {
  readonly architecture: Architecture
  readonly quantization: Quantization
  readonly engine: Engine
  readonly users: number
  readonly flashAttention: boolean
  readonly weights: WeightsProfile
  readonly sequence: SequenceProfile
  readonly machine: MachineProfile
  readonly speedModel: SpeedModel
  /** Scratch memory of the CPU alone, of the device with the output layer, of others, and of the host beside them. */
  readonly cpuComputeBytes: number
  readonly outputComputeBytes: number
  readonly layerComputeBytes: number
  readonly hostComputeBytes: number
}

/** Bytes of layers `from` up to `to` in a prefix-sum array. */
export function between(prefix: Float64Array, from: number, to: number): number {
  return prefix[to]! - prefix[from]!
}

/** Bytes a device holds besides layers: scratch memory, runtime, and pipeline copies where several work together. */
export function deviceFixedBytes(
  terms: PlanTerms,
  device: Device,
  hasOutput: boolean,
  several: boolean,
): number {
  return deviceScratchBytes(terms, hasOutput, several) + device.runtimeBytes
}

/** Scratch memory of a device. */
export function deviceScratchBytes(terms: PlanTerms, hasOutput: boolean, several: boolean): number {
  return (
    (hasOutput ? terms.outputComputeBytes : terms.layerComputeBytes) + (several ? PIPELINE_COPY_BYTES : 0)
  )
}

/** Weights, cache and state of layers `from` up to `to` whose experts lie there from layer `expertsFrom` on. */
export function layerRangeBytes(terms: PlanTerms, from: number, to: number, expertsFrom: number): number {
  const { densePrefix, expertPrefix } = terms.weights
  const { cachePrefix, statePrefix } = terms.sequence
  const withoutExperts =
    densePrefix[to]! -
    densePrefix[from]! +
    cachePrefix[to]! -
    cachePrefix[from]! +
    statePrefix[to]! -
    statePrefix[from]!
  if (expertsFrom >= to) return withoutExperts
  return withoutExperts + expertPrefix[to]! - expertPrefix[from < expertsFrom ? expertsFrom : from]!
}

/** Scratch memory of a model under a context, for each place it can lie. */
export function computeTerms(
  architecture: Architecture,
  shape: ComputeShape,
): Pick<PlanTerms, 'cpuComputeBytes' | 'outputComputeBytes' | 'layerComputeBytes' | 'hostComputeBytes'> {
  return {
    cpuComputeBytes: deviceComputeBytes(architecture, { ...shape, holdsOutput: true, holdsInput: true }),
    outputComputeBytes: deviceComputeBytes(architecture, { ...shape, holdsOutput: true, holdsInput: false }),
    layerComputeBytes: deviceComputeBytes(architecture, { ...shape, holdsOutput: false, holdsInput: false }),
    hostComputeBytes: hostComputeBytes(architecture, shape),
  }
}
