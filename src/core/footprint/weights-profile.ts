import type { Model } from '#core/model/model.ts'
import type { Weights } from '#core/quant/weights.ts'

/** Sums over a model's quantized layers, ready for ranges: `prefix[b] - prefix[a]` is layers `a` up to `b`. */
export interface WeightsProfile {
  readonly weights: Weights
  readonly layers: number
  /** Everything of a layer but its routed experts. */
  readonly densePrefix: Float64Array
  readonly expertPrefix: Float64Array
  /** Layers with routed experts. */
  readonly expertLayersPrefix: Float64Array
  /** Share of a layer's dense bytes a token reads (1 but for per-layer embeddings and the like). */
  readonly denseReadShare: number
  /** Share of the routed experts a token reads. */
  readonly expertReadShare: number
  /** Mean bits per weight of the layers, metadata and embeddings aside. */
  readonly bodyBitsPerWeight: number
}

const profiles = new WeakMap<Weights, WeightsProfile>()

/** Sums of the weights of one model under one quantization; made once for each. */
export function weightsProfile(model: Model, weights: Weights): WeightsProfile {
  const known = profiles.get(weights)
  if (known) return known
  const profile = buildProfile(model, weights)
  profiles.set(weights, profile)
  return profile
}

function buildProfile(model: Model, weights: Weights): WeightsProfile {
  const densePrefix = prefixSums(weights.layerBytes)
  const expertPrefix = prefixSums(weights.layerExpertBytes)
  const denseBytes = densePrefix[weights.layers]!
  const expertBytes = expertPrefix[weights.layers]!
  return {
    weights,
    layers: weights.layers,
    densePrefix,
    expertPrefix,
    expertLayersPrefix: prefixSums(weights.layerExpertBytes.map((bytes) => (bytes > 0 ? 1 : 0))),
    denseReadShare: denseBytes > 0 ? (weights.readBytesPerToken - weights.outputBytes) / denseBytes : 0,
    expertReadShare: expertBytes > 0 ? weights.readExpertBytesPerToken / expertBytes : 0,
    bodyBitsPerWeight: (8 * (denseBytes + expertBytes)) / bodyParameters(model),
  }
}

function prefixSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1)
  values.forEach((value, index) => {
    sums[index + 1] = sums[index]! + value
  })
  return sums
}

/** Parameters inside the repeating layers. */
function bodyParameters(model: Model): number {
  const { vocabulary, hidden, tiedEmbeddings, perLayerEmbeddings, layers } = model.architecture
  const tables = vocabulary * hidden * (tiedEmbeddings ? 1 : 2)
  const perLayer = perLayerEmbeddings
    ? perLayerEmbeddings.dimension * perLayerEmbeddings.vocabulary * layers
    : 0
  return Math.max(1, model.parameters.text - tables - perLayer)
}
