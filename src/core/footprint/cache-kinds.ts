import { layerPlan, type LayerKind } from '#core/model/layer-kind.ts'
import type { Architecture } from '#core/model/model.ts'

/**
 * What a layer keeps between tokens: keys and values of the whole context (`full`), of a window (`sliding`), a
 * compressed latent (`latent`), a state of constant size (`recurrent`), DeepSeek V4's window with or without
 * compressed entries (`compressed4`, `compressed128`), or nothing (`none`: feed-forward blocks, layers that reuse
 * an earlier cache, encoders, prediction layers).
 */
export type CacheKind = 'full' | 'sliding' | 'latent' | 'recurrent' | 'compressed4' | 'compressed128' | 'none'

/**
 * Architectures for which llama.cpp keeps a windowed cache (`swa_type` set in src/models/*.cpp). Others with a window
 * in their configuration (Mistral 7B v0.1, Ministral 8B, StarCoder2) get a cache of the full context there.
 */
const WINDOWED_IN_LLAMA_CPP: ReadonlySet<string> = new Set([
  'cohere2',
  'deepseek4',
  'exaone4',
  'gemma2',
  'gemma3',
  'gemma3n',
  'gemma4',
  'gpt-oss',
  'llama4',
  'olmo2',
])

/** True where a windowed cache is really allocated; false: the window saves no memory. */
export function hasWindowedCache(architecture: Architecture): boolean {
  const { windowTokens, kind } = architecture.attention
  if (windowTokens === null || kind === 'full' || kind === 'mla') return false
  return architecture.gguf === null || WINDOWED_IN_LLAMA_CPP.has(architecture.gguf)
}

/** What each repeating layer keeps, first to last, prediction layers included. */
export function cacheKinds(architecture: Architecture): readonly CacheKind[] {
  // Encoders (BERT and kin, told by their token types) read the whole text at once and keep nothing.
  const isEncoder = architecture.tokenTypes !== null
  const windowed = hasWindowedCache(architecture)
  const { kinds, kindOfLayer } = layerPlan(architecture)
  return kindOfLayer.map((kind, layer) =>
    isEncoder ? 'none' : cacheKindOf(architecture, kinds[kind]!, layer, windowed),
  )
}

function cacheKindOf(
  architecture: Architecture,
  kind: LayerKind,
  layer: number,
  windowed: boolean,
): CacheKind {
  const { attention, layers } = architecture
  if (kind.prediction || kind.mixer === 'none' || layer >= layers - attention.kvSharedLayers) return 'none'
  if (kind.mixer === 'recurrent') return 'recurrent'
  if (attention.compressed) {
    if (kind.compressionRatio === 0) return 'sliding'
    return kind.compressionRatio === 4 ? 'compressed4' : 'compressed128'
  }
  if (attention.latent) return 'latent'
  return windowed && !kind.global ? 'sliding' : 'full'
}
