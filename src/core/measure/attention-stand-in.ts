import { hasWindowedCache } from '#core/footprint/cache-kinds.ts'
import { plainArchitecture } from '#core/measure/plain-architecture.ts'
import { layerPlan } from '#core/model/layer-kind.ts'
import type { Architecture, Model } from '#core/model/model.ts'

/** Layers of the stand-in: enough that their attention stands out from what a step costs anyway. */
export const STAND_IN_LAYERS = 2

/**
 * A plain model with the attention of another and next to nothing else. How a token slows down with the tokens before
 * it follows from the attention alone, and this one fills its cache in a second where the model itself takes minutes.
 * Latent attention is stood in for by one key-value head as wide as its latent row, as llama.cpp runs it with flash
 * attention. `null` for models whose cost does not grow with the context.
 */
export function attentionStandIn(model: Model): Model | null {
  const { architecture } = model
  if (attendedTokens(architecture, 1_000_000) === 0) return null
  const { latent } = architecture.attention
  return {
    ...model,
    id: `${model.id}:attention`,
    name: `Attention of ${model.name}`,
    architecture: {
      ...plainArchitecture(architecture.contextTokens),
      layers: STAND_IN_LAYERS,
      heads: architecture.heads,
      kvHeads: latent === null ? (architecture.attention.globalKvHeads ?? architecture.kvHeads) : 1,
      headDimension:
        latent === null
          ? (architecture.attention.globalHeadDimension ?? architecture.headDimension)
          : latent.kvLoraRank + latent.ropeDimension,
    },
  }
}

/**
 * Cached tokens that one new token attends to, added over the layers: a windowed layer stops at its window, layers that
 * reuse another's cache read it all the same, recurrent layers read none.
 */
export function attendedTokens(architecture: Architecture, depthTokens: number): number {
  const { kinds, kindOfLayer } = layerPlan(architecture)
  const window = hasWindowedCache(architecture) ? (architecture.attention.windowTokens ?? Infinity) : Infinity
  let sum = 0
  for (const index of kindOfLayer) {
    const kind = kinds[index]!
    if (kind.mixer !== 'attention' || kind.prediction || architecture.tokenTypes !== null) continue
    if (architecture.attention.compressed !== null) {
      sum += Math.min(depthTokens, window)
      if (kind.compressionRatio > 0) sum += depthTokens / kind.compressionRatio
    } else sum += kind.global ? depthTokens : Math.min(depthTokens, window)
  }
  return sum
}
