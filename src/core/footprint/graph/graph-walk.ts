import { hasWindowedCache, type CacheKind } from '#core/footprint/cache-kinds.ts'
import { release, take, type Arena, type Piece } from '#core/footprint/graph/arena.ts'
import type { GraphTraits } from '#core/footprint/graph/graph-traits.ts'
import { MICRO_BATCH_TOKENS } from '#core/footprint/micro-batch.ts'
import type { LayerKind } from '#core/model/layer-kind.ts'
import type { Architecture } from '#core/model/model.ts'
import type { KvType } from '#core/quant/quantization.ts'

/** What the graph of a micro-batch depends on besides the architecture. */
export interface GraphShape {
  readonly contextTokens: number
  readonly flashAttention: boolean
  readonly kvType: KvType
}

/** A layer in the order of the graph. */
export interface GraphLayer {
  readonly index: number
  readonly kind: LayerKind
  readonly cache: CacheKind
  /** Keys and values of its own; else the layer reads an earlier layer's cache. */
  readonly ownCache: boolean
}

/** Inputs of one cache: they lie first in the buffer and are free after the last layer that reads them. */
export interface CacheInputs {
  readonly cells: number
  readonly keyRotation: Piece | null
  readonly valueRotation: Piece | null
  /** Llama 4: factors of the queries of global layers. */
  readonly queryScale: Piece | null
  readonly keyIndex: Piece
  readonly valueIndex: Piece | null
  readonly mask: Piece
  /** The last layer that reads the cache, and the last that writes into it. */
  readonly lastLayer: number
  readonly lastWriter: number
  /** Sparse attention: the chosen tokens of each layer. */
  readonly selections: readonly Piece[]
}

/** The inputs of the graph. */
export interface GraphInputs {
  readonly positions: Piece | null
  readonly lastRotatedLayer: number
  readonly full: CacheInputs | null
  readonly window: CacheInputs | null
  readonly outputRows: Piece
  /** Tokens once more, for the embeddings of every layer. */
  readonly perLayerTokens: Piece | null
}

/** A replay of llama.cpp's allocator on the graph of one micro-batch (`graph_reserve`, llama-context.cpp). */
export interface GraphWalk {
  readonly arena: Arena
  readonly architecture: Architecture
  readonly traits: GraphTraits
  readonly shape: GraphShape
  readonly layers: readonly GraphLayer[]
  readonly inputs: GraphInputs
  /** Convolution state of the next recurrent layer, read before that layer begins. */
  nextState: Piece | null
  /** Input of the last layer where its rows with output are asked for before the rest of the layer's block. */
  residual: Piece | null
}

const FLOAT_BYTES = 4

/** Takes so many floats a token. */
export function takeFloats(walk: { readonly arena: Arena }, floats: number): Piece {
  return take(walk.arena, floats * FLOAT_BYTES * MICRO_BATCH_TOKENS)
}

/** Takes so many floats for the whole micro-batch, and some a token. */
export function takeState(walk: { readonly arena: Arena }, floats: number, floatsPerToken = 0): Piece {
  return take(walk.arena, (floats + floatsPerToken * MICRO_BATCH_TOKENS) * FLOAT_BYTES)
}

/** Gives pieces back. */
export function free(walk: { readonly arena: Arena }, ...pieces: readonly Piece[]): void {
  for (const piece of pieces) release(walk.arena, piece)
}

/** Whether a layer rotates its queries and keys by position. */
export function isRotated(walk: Pick<GraphWalk, 'architecture' | 'traits'>, layer: GraphLayer): boolean {
  if (layer.kind.mixer !== 'attention') return false
  switch (walk.traits.rope) {
    case 'all':
      return true
    case 'none':
      return false
    case 'windowed':
      return layer.cache === 'sliding' || !hasWindowedCache(walk.architecture)
    case 'not-fourth':
      return (layer.index + 1) % 4 !== 0
  }
}

/** Elements of queries and of keys (or values) of one token. */
export interface HeadWidths {
  readonly head: number
  readonly query: number
  readonly keyValue: number
}

/** Widths of a layer's attention; global layers of Gemma 4 have their own. */
export function headWidths(architecture: Architecture, windowed: boolean): HeadWidths {
  const { attention, headDimension, heads, kvHeads } = architecture
  const global = !windowed && hasWindowedCache(architecture)
  const head = (global ? attention.globalHeadDimension : null) ?? headDimension
  const keyValue = ((global ? attention.globalKvHeads : null) ?? kvHeads) * head
  return { head, query: heads * head, keyValue }
}

/** Rotates by a Hadamard matrix of 64 or more columns what a quantized cache keeps, heads permitting (llama-kv-cache.cpp). */
export function isHadamardRotated(type: KvType, head: number): boolean {
  return type !== 'f16' && head % 64 === 0
}

/** Inputs of the cache a layer reads. */
export function cacheInputs(walk: GraphWalk, layer: GraphLayer): CacheInputs {
  return layer.cache === 'sliding' ? walk.inputs.window! : walk.inputs.full!
}

/** True in the last layer, where rows without output are dropped. */
export function isLast(walk: GraphWalk, layer: GraphLayer): boolean {
  return layer.index === walk.layers.at(-1)!.index
}

/** Drops the rows without output from what goes on; the whole micro-batch may have output. */
export function keepOutputRows(walk: GraphWalk, whole: Piece): Piece {
  const rows = takeFloats(walk, walk.architecture.hidden)
  free(walk, whole)
  return rows
}

/**
 * Reads the state of the next recurrent layer. ggml orders nodes by when they are asked for, and this one is asked for
 * before the rest of the present layer, unless mixtures or attention in between are asked for earlier.
 */
export function readNextState(walk: GraphWalk, after: GraphLayer): void {
  // Delta nets are asked for after the layer's norm.
  if (walk.architecture.attention.recurrent?.type === 'gated_deltanet') return
  for (let index = after.index + 1; index < walk.layers.length; index += 1) {
    const { kind } = walk.layers[index]!
    if (kind.mixer === 'recurrent') {
      walk.nextState = takeState(walk, walk.architecture.attention.recurrent!.facts['convStateElements'] ?? 0)
      return
    }
    if (kind.mixer === 'attention' || kind.feedForward === 'experts') return
  }
}

/** What ggml is asked for next once a block has read and written its cache or state. */
export function afterCache(walk: GraphWalk, layer: GraphLayer): void {
  if (layer.kind.feedForward !== 'experts') readNextState(walk, layer)
  if (walk.residual) walk.residual = keepOutputRows(walk, walk.residual)
}
