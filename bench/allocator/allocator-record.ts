import { findQuantization } from '#core/quant/find-quantization.ts'
import type { KvType, Quantization } from '#core/quant/quantization.ts'
import type { Model } from '#core/model/model.ts'
import { shippedCatalogue } from '../../test/shipped-catalogue.ts'

/** What llama.cpp's allocator says about one model; one line of the recording. */
export interface AllocatorRecord {
  readonly model: string
  /** Weights as loaded without mapping the file. */
  readonly weightsBytes: number
  /** Cache, state and scratch memory by context, in the order of `ALLOCATOR_CASES`; null: the context is refused. */
  readonly contextBytes: Readonly<Record<string, readonly (number | null)[]>>
}

/** A model llama.cpp did not load, and what it said. */
export interface AllocatorFailure {
  readonly model: string
  readonly reason: string
}

export interface AllocatorCase {
  readonly flashAttention: boolean
  readonly kvType: KvType
}

/** Every way to keep the cache. */
export const ALLOCATOR_CASES: readonly AllocatorCase[] = [true, false].flatMap((flashAttention) =>
  (['f16', 'q8_0', 'q4_0'] as const).map((kvType) => ({ flashAttention, kvType })),
)

/** Models that llama.cpp has an architecture for. */
export const allocatorModels: readonly Model[] = shippedCatalogue.models.filter(
  (model) => model.architecture.gguf !== null,
)

/** The contexts of the sweep that a model reaches, its longest included. */
export function allocatorContexts(model: Model): readonly number[] {
  const longest = model.architecture.contextTokens
  return [...new Set([2048, 8192, 32_768, longest].filter((tokens) => tokens <= longest))]
}

/** The quantization a model is compared in. */
export function allocatorQuantization(model: Model): Quantization {
  const name = model.architecture.gguf === 'gpt-oss' ? 'MXFP4' : 'Q4_K_M'
  const found = findQuantization(name, shippedCatalogue.quantizations)
  if (found.kind !== 'found') throw new Error(`The catalogue has no ${name}.`)
  return found.record
}
