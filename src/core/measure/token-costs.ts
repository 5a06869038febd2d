import type { PlanNumbers } from '#core/plan/plan-numbers.ts'

/** What each layer weighs, for sharing out times and bytes over some of them. */
export interface TokenCosts {
  /** Bytes a token reads of each layer: everything but experts that were not chosen. */
  readonly decodeBytes: Float64Array
  /** Bytes of each layer in the file. */
  readonly storedBytes: Float64Array
  /** Output head, read for every token whatever the layers. */
  readonly outputBytes: number
  /** Embedding table, output head and what else belongs to no layer. */
  readonly outsideBytes: number
  /** All that a token reads. */
  readonly allDecodeBytes: number
}

/** Costs of the model and quantization of a plan. */
export function tokenCosts({ terms }: PlanNumbers): TokenCosts {
  const { weights, denseReadShare, expertReadShare } = terms.weights
  const decodeBytes = weights.layerBytes.map(
    (bytes, layer) => bytes * denseReadShare + weights.layerExpertBytes[layer]! * expertReadShare,
  )
  const storedBytes = weights.layerBytes.map((bytes, layer) => bytes + weights.layerExpertBytes[layer]!)
  const inLayers = storedBytes.reduce((sum, bytes) => sum + bytes, 0)
  return {
    decodeBytes,
    storedBytes,
    outputBytes: weights.outputBytes,
    outsideBytes: weights.tensorBytes - weights.predictionBytes - inLayers,
    allDecodeBytes: decodeBytes.reduce((sum, bytes) => sum + bytes, 0) + weights.outputBytes,
  }
}

/** The sum over some layers; null: all. */
export function sumOfLayers(bytes: Float64Array, layers: readonly number[] | null): number {
  if (layers === null) return bytes.reduce((sum, each) => sum + each, 0)
  return layers.reduce((sum, layer) => sum + bytes[layer]!, 0)
}
