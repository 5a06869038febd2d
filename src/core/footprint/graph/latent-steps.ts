import { take, type Piece } from '#core/footprint/graph/arena.ts'
import {
  cacheInputs,
  free,
  takeFloats,
  type CacheInputs,
  type GraphLayer,
  type GraphWalk,
} from '#core/footprint/graph/graph-walk.ts'
import { KV_BYTES_PER_ELEMENT } from '#core/footprint/kv-type.ts'

/** Multi-head latent attention with the absorbed projection, up to its heads' output (deepseek2.cpp, deepseek32.cpp). */
export function attendLatent(walk: GraphWalk, layer: GraphLayer, normed: Piece): Piece {
  const { architecture, shape } = walk
  const { attention, heads } = architecture
  const latent = attention.latent!
  const inputs = cacheInputs(walk, layer)
  const done = layer.index === inputs.lastLayer
  if (attention.indexer) indexKeys(walk, attention.indexer.headDimension)
  const low = latent.queryLoraRank === null ? null : takeFloats(walk, latent.queryLoraRank)
  const query = latentQuery(walk, attention.indexer ? null : low)
  latentKey(walk, attention.indexer ? null : normed)
  if (done) free(walk, inputs.keyIndex)
  const mask = attention.indexer ? selectTokens(walk, inputs, layer, { low, normed }) : null
  let output: Piece
  if (shape.flashAttention) {
    output = takeFloats(walk, heads * latent.kvLoraRank)
    free(walk, query)
  } else {
    const values = take(walk.arena, inputs.cells * latent.kvLoraRank * KV_BYTES_PER_ELEMENT[shape.kvType])
    const scores = takeFloats(walk, heads * inputs.cells)
    free(walk, query)
    output = takeFloats(walk, heads * latent.kvLoraRank)
    free(walk, values, scores)
  }
  if (mask) free(walk, mask)
  if (done) free(walk, inputs.mask)
  const unfolded = takeFloats(walk, heads * latent.valueDimension)
  free(walk, output)
  const joined = takeFloats(walk, heads * latent.valueDimension)
  free(walk, unfolded)
  return joined
}

/** Queries folded into the latent space, with their rotated part. */
function latentQuery(walk: GraphWalk, low: Piece | null): Piece {
  const { heads, attention } = walk.architecture
  const { kvLoraRank, nopeDimension, ropeDimension } = attention.latent!
  const projected = takeFloats(walk, heads * (nopeDimension + ropeDimension))
  if (low) free(walk, low)
  const absorbed = takeFloats(walk, heads * kvLoraRank)
  const rotated = takeFloats(walk, heads * ropeDimension)
  free(walk, projected)
  const query = takeFloats(walk, heads * (kvLoraRank + ropeDimension))
  free(walk, absorbed, rotated)
  return query
}

function latentKey(walk: GraphWalk, normed: Piece | null): void {
  const { kvLoraRank, ropeDimension } = walk.architecture.attention.latent!
  const both = takeFloats(walk, kvLoraRank + ropeDimension)
  if (normed) free(walk, normed)
  const compressed = takeFloats(walk, kvLoraRank)
  const rotated = takeFloats(walk, ropeDimension)
  free(walk, both)
  const key = takeFloats(walk, kvLoraRank + ropeDimension)
  free(walk, compressed, rotated, key)
}

/** The indexer's own key: projected, normed, rotated by position and by a Hadamard matrix. */
function indexKeys(walk: GraphWalk, width: number): void {
  let piece = takeFloats(walk, width)
  for (let step = 0; step < 3; step += 1) {
    const next = takeFloats(walk, width)
    free(walk, piece)
    piece = next
  }
  free(walk, piece)
}

/** Sparse attention: scores of all cells, the best of them, and a mask that leaves out the others. */
function selectTokens(
  walk: GraphWalk,
  { cells, selections }: CacheInputs,
  layer: GraphLayer,
  { low, normed }: { readonly low: Piece | null; readonly normed: Piece },
): Piece {
  const { headDimension, heads, topK } = walk.architecture.attention.indexer!
  const maskFloats = cells * (walk.shape.flashAttention ? 0.5 : 1)
  let query = takeFloats(walk, heads * headDimension)
  if (low) free(walk, low)
  for (let step = 0; step < 2; step += 1) {
    const next = takeFloats(walk, heads * headDimension)
    free(walk, query)
    query = next
  }
  const projected = takeFloats(walk, heads)
  free(walk, normed)
  const weights = takeFloats(walk, heads)
  free(walk, projected)
  const scores = takeFloats(walk, cells)
  free(walk, query, weights)
  const best = takeFloats(walk, Math.min(topK, cells))
  free(walk, scores)
  const joined = takeFloats(walk, Math.min(topK, cells))
  free(walk, best)
  const opened = takeFloats(walk, maskFloats)
  free(walk, selections[layer.index]!, joined)
  const mask = takeFloats(walk, maskFloats)
  free(walk, opened)
  return mask
}
