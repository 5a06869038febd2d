import { oncePer } from '#core/lookup/once-per.ts'
import type { Architecture } from '#core/model/model.ts'

/** What one repeating layer is made of; layers of one kind have the same tensors. */
export interface LayerKind {
  readonly mixer: 'attention' | 'recurrent' | 'none'
  /** An attention layer that sees the whole context; false where a window limits it. */
  readonly global: boolean
  readonly feedForward: 'dense' | 'experts' | 'none'
  /** Width of the dense feed-forward; 0 where there is none. */
  readonly feedForwardWidth: number
  /** The layer has its own K and V projections. */
  readonly ownKeyValue: boolean
  /** DeepSeek V4: tokens per compressed cache entry; 0: window only. */
  readonly compressionRatio: 0 | 4 | 128
  /** DeepSeek V4: the first layers choose experts by token id, not by a score. */
  readonly hashRouted: boolean
  /** Multi-token-prediction layer behind the model's own layers. */
  readonly prediction: boolean
}

/** DeepSeek V4 configurations: `num_hash_layers` is 3 in both. */
const HASH_ROUTED_LAYERS = 3

/** The layers whose whole block is one letter of `layerPattern` (Nemotron-H). */
function isSingleBlock(architecture: Architecture): boolean {
  return architecture.blockTypes !== null
}

function mixerOf(architecture: Architecture, layer: number): LayerKind['mixer'] {
  const { attention, layerPattern } = architecture
  const letter = layerPattern?.[layer]
  if (letter !== undefined) return letter === 'M' ? 'recurrent' : letter === '*' ? 'attention' : 'none'
  if (attention.recurrent === null) return 'attention'
  return attention.globalEvery !== null && (layer + 1) % attention.globalEvery === 0
    ? 'attention'
    : 'recurrent'
}

function isGlobal(architecture: Architecture, layer: number): boolean {
  const { kind, globalEvery } = architecture.attention
  if (kind !== 'sliding') return true
  return globalEvery !== null && (layer + 1) % globalEvery === 0
}

function feedForwardOf(architecture: Architecture, layer: number): LayerKind['feedForward'] {
  const { moe, layerPattern } = architecture
  if (isSingleBlock(architecture)) {
    const letter = layerPattern?.[layer]
    return letter === 'E' ? 'experts' : letter === '-' ? 'dense' : 'none'
  }
  if (moe === null || layer < moe.denseLayers) return 'dense'
  return (layer + 1) % moe.every === 0 ? 'experts' : 'dense'
}

/** DeepSeek V4 alternates 4 and 128 from the third layer on; the first two are window-only or 128. */
function compressionRatioOf(architecture: Architecture, layer: number): 0 | 4 | 128 {
  const { compressed } = architecture.attention
  if (compressed === null) return 0
  if (layer < 2) return compressed.windowOnlyLayers > 0 ? 0 : 128
  return layer % 2 === 0 ? 4 : 128
}

function kindOfLayer(architecture: Architecture, layer: number): LayerKind {
  const { attention, ffnWideLayers, layers } = architecture
  const feedForward = feedForwardOf(architecture, layer)
  const wide = layer >= layers - ffnWideLayers ? 2 : 1
  return {
    mixer: mixerOf(architecture, layer),
    global: isGlobal(architecture, layer),
    feedForward,
    feedForwardWidth: feedForward === 'dense' ? (architecture.ffn ?? 0) * wide : 0,
    ownKeyValue: attention.kvSharedHaveWeights || layer < layers - attention.kvSharedLayers,
    compressionRatio: compressionRatioOf(architecture, layer),
    hashRouted: attention.compressed !== null && layer < HASH_ROUTED_LAYERS,
    prediction: false,
  }
}

function predictionKind(architecture: Architecture): LayerKind {
  return {
    mixer: 'attention',
    global: true,
    feedForward: architecture.moe === null ? 'dense' : 'experts',
    feedForwardWidth: architecture.moe === null ? (architecture.ffn ?? 0) : 0,
    ownKeyValue: true,
    compressionRatio: 0,
    hashRouted: false,
    prediction: true,
  }
}

/** The layers of a model in order, each by its kind. */
export interface LayerPlan {
  /** Each distinct kind once. */
  readonly kinds: readonly LayerKind[]
  /** Index into `kinds` of each layer; prediction layers come last, behind `architecture.layers`. */
  readonly kindOfLayer: readonly number[]
}

function buildLayerPlan(architecture: Architecture): LayerPlan {
  const kinds: LayerKind[] = []
  const indexByKey = new Map<string, number>()
  const total = architecture.layers + architecture.predictionLayers
  const kindOfEach = Array.from({ length: total }, (_, layer) => {
    const kind = layer < architecture.layers ? kindOfLayer(architecture, layer) : predictionKind(architecture)
    const key = Object.values(kind).join(' ')
    const known = indexByKey.get(key)
    if (known !== undefined) return known
    indexByKey.set(key, kinds.length)
    return kinds.push(kind) - 1
  })
  return { kinds, kindOfLayer: kindOfEach }
}

/** What every layer is made of, grouped by kind; computed once per architecture. */
export const layerPlan = oncePer(buildLayerPlan)
