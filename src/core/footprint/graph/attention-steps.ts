import type { Piece } from '#core/footprint/graph/arena.ts'
import {
  cacheInputs,
  free,
  headWidths,
  isHadamardRotated,
  isRotated,
  takeFloats,
  type GraphLayer,
  type GraphWalk,
} from '#core/footprint/graph/graph-walk.ts'
import { attendLatent } from '#core/footprint/graph/latent-steps.ts'
import { hasWindowedCache } from '#core/footprint/cache-kinds.ts'
import { valueCacheType } from '#core/footprint/kv-type.ts'

/** Scores, or the fused kernel, over one layer's cache. */
interface Heads {
  readonly query: Piece
  /** Queries, keys and values in one piece, of which the query may be a part. */
  readonly fused: Piece | null
}

/**
 * Attention up to the projection of its output (`build_qkv`, `build_attn`, `build_attn_mha`: llama-graph.cpp). Frees
 * `normed` after its last use unless the layer goes on with it.
 */
export function attend(walk: GraphWalk, layer: GraphLayer, normed: Piece, keepsNormed: boolean): Piece {
  const { architecture, shape, traits } = walk
  const windowed = layer.cache === 'sliding'
  const cache = cacheInputs(walk, layer)
  const widths = headWidths(architecture, windowed)
  const done = layer.index === cache.lastLayer
  if (layer.cache === 'latent') return attendLatent(walk, layer, normed)
  const heads = traits.fusedProjection
    ? projectFused(walk, layer, normed, keepsNormed)
    : project(walk, layer, normed, keepsNormed)
  let output: Piece
  if (shape.flashAttention) {
    output = takeFloats(walk, widths.query)
    free(walk, heads.query)
    if (done) free(walk, cache.mask)
  } else {
    const scores = takeFloats(walk, architecture.heads * cache.cells)
    free(walk, heads.query)
    if (done) free(walk, cache.mask)
    const mixed = takeFloats(walk, widths.query)
    free(walk, scores)
    output = replace(walk, mixed, widths.query)
  }
  if (heads.fused) output = gate(walk, heads.fused, output, widths.query)
  return output
}

/** Turns back what a rotated cache gave, and projects it: asked for only when the layer needs the sum. */
export function projectOutput(walk: GraphWalk, layer: GraphLayer, heads: Piece): Piece {
  const { architecture, shape } = walk
  const windowed = layer.cache === 'sliding'
  const cache = cacheInputs(walk, layer)
  const { head, query } = headWidths(architecture, windowed)
  if (layer.cache === 'latent') return replace(walk, heads, architecture.hidden)
  const turnsBack = isHadamardRotated(valueCacheType(shape.kvType, shape.flashAttention), head)
  const turned = turnsBack ? takeFloats(walk, query) : heads
  if (layer.index === cache.lastLayer && cache.valueRotation) free(walk, cache.valueRotation)
  if (turnsBack) free(walk, heads)
  return replace(walk, turned, architecture.hidden)
}

/** A step that cannot work in place: the new piece is taken before the old one is given back. */
function replace(walk: GraphWalk, old: Piece, floats: number): Piece {
  const piece = takeFloats(walk, floats)
  free(walk, old)
  return piece
}

/** Projections of queries, keys and values one by one; their rows go into the cache and are free again. */
function project(walk: GraphWalk, layer: GraphLayer, normed: Piece, keepsNormed: boolean): Heads {
  const { architecture, shape } = walk
  const widths = headWidths(architecture, layer.cache === 'sliding')
  const gated = architecture.attention.outputGate
  // With two caches ggml is asked for keys before values.
  const keysFirst = hasWindowedCache(architecture)
  const projected = takeFloats(walk, gated ? 2 * widths.query : widths.query)
  if (!layer.ownCache && !keepsNormed) free(walk, normed)
  const { queryScale, lastLayer } = cacheInputs(walk, layer)
  let query = turn(walk, layer, projected, widths.query, { kept: gated, scales: queryScale !== null })
  if (queryScale && layer.index === lastLayer) free(walk, queryScale)
  if (!layer.ownCache) rotatedKeys(walk, layer)
  if (isHadamardRotated(shape.kvType, widths.head))
    query = layer.ownCache ? replace(walk, query, widths.query) : turnKey(walk, layer, query, widths.query)
  if (!layer.ownCache) return { query, fused: null }
  if (layer.kind.global && architecture.attention.globalKEqualsV) {
    projectShared(walk, layer, normed)
    return { query, fused: null }
  }
  const projectValue = (): Piece => {
    let value = takeFloats(walk, widths.keyValue)
    if (keysFirst && !keepsNormed) free(walk, normed)
    if (walk.traits.valueNorm) value = replace(walk, value, widths.keyValue)
    return isHadamardRotated(valueCacheType(shape.kvType, shape.flashAttention), widths.head)
      ? replace(walk, value, widths.keyValue)
      : value
  }
  const early = keysFirst ? null : projectValue()
  const projectedKey = takeFloats(walk, widths.keyValue)
  if (!keysFirst && !keepsNormed) free(walk, normed)
  let key = turn(walk, layer, projectedKey, widths.keyValue)
  rotatedKeys(walk, layer)
  if (isHadamardRotated(shape.kvType, widths.head)) key = turnKey(walk, layer, key, widths.keyValue)
  const value = early ?? projectValue()
  storeKey(walk, layer, key)
  free(walk, value)
  storedValue(walk, layer)
  return { query, fused: gated ? projected : null }
}

/** Gemma 4's global layers project once; keys and values are two norms of it. */
function projectShared(walk: GraphWalk, layer: GraphLayer, normed: Piece): void {
  const { shape } = walk
  const { head, keyValue } = headWidths(walk.architecture, false)
  const projected = takeFloats(walk, keyValue)
  free(walk, normed)
  let key = takeFloats(walk, keyValue)
  rotatedKeys(walk, layer)
  if (isHadamardRotated(shape.kvType, head)) key = turnKey(walk, layer, key, keyValue)
  let value = takeFloats(walk, keyValue)
  free(walk, projected)
  if (isHadamardRotated(valueCacheType(shape.kvType, shape.flashAttention), head))
    value = replace(walk, value, keyValue)
  storeKey(walk, layer, key)
  free(walk, value)
  storedValue(walk, layer)
}

/** Norm and rotation of queries or keys: one of the two copies. `kept`: the source is used again. */
function turn(
  walk: GraphWalk,
  layer: GraphLayer,
  source: Piece,
  floats: number,
  how = { kept: false, scales: false },
): Piece {
  const copies = walk.traits.queryNorm === 'heads' || isRotated(walk, layer) || how.scales
  if (!copies) return source
  const piece = takeFloats(walk, floats)
  if (!how.kept) free(walk, source)
  return piece
}

/** One projection of which queries, keys and values are views. */
function projectFused(walk: GraphWalk, layer: GraphLayer, normed: Piece, keepsNormed: boolean): Heads {
  const { architecture, shape } = walk
  const widths = headWidths(architecture, layer.cache === 'sliding')
  const all = takeFloats(walk, widths.query + 2 * widths.keyValue)
  if (!keepsNormed) free(walk, normed)
  const turnsKeys = isHadamardRotated(shape.kvType, widths.head)
  const turnsValues = isHadamardRotated(valueCacheType(shape.kvType, shape.flashAttention), widths.head)
  const rotated = isRotated(walk, layer)
  const copy = (source: Piece, floats: number): Piece =>
    source === all ? takeFloats(walk, floats) : replace(walk, source, floats)
  /** A view is made contiguous before it is turned. */
  const turned = (source: Piece, floats: number): Piece =>
    replace(walk, source === all ? takeFloats(walk, floats) : source, floats)
  let query = rotated ? copy(all, widths.query) : all
  if (turnsKeys) query = turned(query, widths.query)
  let value = turnsValues ? turned(all, widths.keyValue) : all
  let key = rotated ? copy(all, widths.keyValue) : all
  rotatedKeys(walk, layer)
  const freesAll = (): void => {
    if (query !== all) free(walk, all)
  }
  if (value !== all && key !== all) freesAll()
  if (turnsKeys) {
    const wasView = key === all
    key = turned(key, widths.keyValue)
    const cache = cacheInputs(walk, layer)
    if (layer.index === cache.lastLayer && cache.keyRotation) free(walk, cache.keyRotation)
    if (value !== all && wasView) freesAll()
  }
  storeKey(walk, layer, key === all ? null : key)
  if (value === all) {
    // Without flash attention V is stored transposed, from a copy in one piece.
    if (!shape.flashAttention) value = takeFloats(walk, widths.keyValue)
    freesAll()
  }
  if (value !== all) free(walk, value)
  storedValue(walk, layer)
  return { query, fused: null }
}

/** Positions are free after the last keys. */
function rotatedKeys(walk: GraphWalk, layer: GraphLayer): void {
  if (layer.index === walk.inputs.lastRotatedLayer && walk.inputs.positions) free(walk, walk.inputs.positions)
}

/** Turns keys, or queries of a layer without keys, for a quantized cache; the matrix is free after the last ones. */
function turnKey(walk: GraphWalk, layer: GraphLayer, key: Piece, floats: number): Piece {
  const cache = cacheInputs(walk, layer)
  const turned = takeFloats(walk, floats)
  if (layer.index === cache.lastLayer && cache.keyRotation) free(walk, cache.keyRotation)
  free(walk, key)
  return turned
}

/** Keys and values are free once their rows are in the cache, and the places of the rows after the last layer. */
function storeKey(walk: GraphWalk, layer: GraphLayer, key: Piece | null): void {
  const cache = cacheInputs(walk, layer)
  if (key) free(walk, key)
  if (layer.index === cache.lastWriter) free(walk, cache.keyIndex)
}

function storedValue(walk: GraphWalk, layer: GraphLayer): void {
  const cache = cacheInputs(walk, layer)
  if (layer.index === cache.lastWriter && cache.valueIndex) free(walk, cache.valueIndex)
}

/** Qwen3-Next's gate on the output: the second half of the wide query projection, as a copy. */
function gate(walk: GraphWalk, projected: Piece, output: Piece, floats: number): Piece {
  const gated = takeFloats(walk, floats)
  // The product is in place of the gate, or of the output where that is no view.
  free(walk, projected, walk.shape.flashAttention ? output : gated)
  return walk.shape.flashAttention ? gated : output
}
