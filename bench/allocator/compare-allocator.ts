import { deviceComputeBytes } from '#core/footprint/compute-buffers.ts'
import { sequenceProfile } from '#core/footprint/sequence-profile.ts'
import type { Model } from '#core/model/model.ts'
import { weightsOf } from '#core/quant/weights.ts'
import {
  ALLOCATOR_CASES,
  allocatorContexts,
  allocatorModels,
  allocatorQuantization,
  type AllocatorCase,
  type AllocatorRecord,
} from './allocator-record.ts'

/** One plan on the CPU, by the closed form and by the allocator. */
export interface AllocatorError extends AllocatorCase {
  readonly model: Model
  readonly contextTokens: number
  readonly estimatedBytes: number
  readonly allocatedBytes: number
  /** Estimate less allocation, as a share of the plan's total. */
  readonly error: number
}

/** A context llama.cpp does not create. */
export interface RefusedCase extends AllocatorCase {
  readonly model: Model
  readonly contextTokens: number
}

export interface AllocatorComparison {
  readonly errors: readonly AllocatorError[]
  readonly refused: readonly RefusedCase[]
}

/**
 * Their tables double as output heads and are asked for as heads first (gemma3n.cpp, gemma4.cpp), so that the loader
 * makes two tensors of one. Mapped, as plans are, both are the same pages of the file: one copy is taken off.
 */
const HEAD_BEFORE_TABLE: ReadonlySet<string | null> = new Set(['gemma3n', 'gemma4'])

function allocatedWeightsBytes(model: Model, record: AllocatorRecord): number {
  const { tiedOutput, tokenEmbeddingBytes } = weightsOf(model, allocatorQuantization(model))
  const twice = tiedOutput && HEAD_BEFORE_TABLE.has(model.architecture.gguf)
  return record.weightsBytes - (twice ? tokenEmbeddingBytes : 0)
}

/** Weights, cache, state and scratch memory of a plan on the CPU, by the closed form. */
export function closedFormBytes(model: Model, contextTokens: number, how: AllocatorCase): number {
  const weights = weightsOf(model, allocatorQuantization(model))
  const { cachePrefix, statePrefix } = sequenceProfile(model, {
    ...how,
    contextTokens,
    users: 1,
    depthTokens: 0,
  })
  const compute = deviceComputeBytes(model.architecture, {
    ...how,
    contextTokens,
    holdsInput: true,
    holdsOutput: true,
  })
  return weights.tensorBytes - weights.predictionBytes + cachePrefix.at(-1)! + statePrefix.at(-1)! + compute
}

/** Compares the closed form with what the allocator said. */
export function compareAllocator(records: readonly AllocatorRecord[]): AllocatorComparison {
  const errors: AllocatorError[] = []
  const refused: RefusedCase[] = []
  for (const record of records) {
    const model = allocatorModels.find((each) => each.id === record.model)
    if (!model) throw new Error(`The recording names ${record.model}, which is not in the catalogue.`)
    const weightsBytes = allocatedWeightsBytes(model, record)
    for (const contextTokens of allocatorContexts(model))
      ALLOCATOR_CASES.forEach((how, index) => {
        const contextBytes = record.contextBytes[contextTokens]?.[index]
        if (contextBytes === undefined)
          throw new Error(`The recording lacks ${record.model} at ${contextTokens}.`)
        if (contextBytes === null) {
          refused.push({ ...how, model, contextTokens })
          return
        }
        const allocatedBytes = weightsBytes + contextBytes
        const estimatedBytes = closedFormBytes(model, contextTokens, how)
        const error = estimatedBytes / allocatedBytes - 1
        errors.push({ ...how, model, contextTokens, estimatedBytes, allocatedBytes, error })
      })
  }
  return { errors, refused }
}
