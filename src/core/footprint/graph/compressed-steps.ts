import { take, type Piece } from '#core/footprint/graph/arena.ts'
import { free, takeFloats, type GraphLayer, type GraphWalk } from '#core/footprint/graph/graph-walk.ts'
import { feedForward } from '#core/footprint/graph/feed-forward-steps.ts'
import { KV_BYTES_PER_ELEMENT } from '#core/footprint/kv-type.ts'
import { MICRO_BATCH_TOKENS, padCells } from '#core/footprint/micro-batch.ts'

/** Bytes of a mask element against those of a float: f16 with flash attention. */
function maskShare(walk: Pick<GraphWalk, 'shape'>): number {
  return walk.shape.flashAttention ? 0.5 : 1
}

interface CompressedCells {
  readonly window: number
  readonly compressed: number
}

function cellsOf(walk: Pick<GraphWalk, 'architecture' | 'shape'>, layer: GraphLayer): CompressedCells {
  const cells = padCells(walk.shape.contextTokens)
  const window = Math.min(
    cells,
    padCells((walk.architecture.attention.windowTokens ?? cells) + MICRO_BATCH_TOKENS),
  )
  const ratio = layer.kind.compressionRatio
  return { window, compressed: ratio === 0 ? 0 : padCells(Math.ceil(cells / ratio)) }
}

/** Masks of the window and of both kinds of entries, and a selection for every layer that chooses entries. */
export function takeCompressedInputs(
  walk: Pick<GraphWalk, 'arena' | 'architecture' | 'layers' | 'shape'>,
): void {
  const share = maskShare(walk)
  const cells = padCells(walk.shape.contextTokens)
  const entries = padCells(Math.ceil(cells / 4))
  takeFloats(walk, cellsOf(walk, walk.layers[0]!).window * share)
  takeFloats(walk, entries * 0.5)
  takeFloats(walk, entries * share)
  takeFloats(walk, padCells(Math.ceil(cells / 128)) * share)
  for (const layer of walk.layers)
    if (layer.kind.compressionRatio === 4)
      takeFloats(walk, Math.min(entries, walk.architecture.attention.compressed!.indexTopK) * share)
}

/** A layer of DeepSeek V4 (deepseek4.cpp): several streams of the hidden state, mixed before and behind each block. */
export function compressedLayer(walk: GraphWalk, layer: GraphLayer, streams: Piece): Piece {
  const attention = before(walk)
  const attended = behind(walk, attendCompressed(walk, layer, attention.mixed), streams, attention.weights)
  const transform = before(walk)
  return behind(walk, feedForward(walk, layer, transform.mixed, true), attended, transform.weights)
}

function streamFloats(walk: GraphWalk): number {
  return walk.architecture.hidden * walk.architecture.attention.compressed!.hyperConnections
}

/** Streams of the embedded tokens. */
export function spreadStreams(walk: GraphWalk, hidden: Piece): Piece {
  const streams = takeFloats(walk, streamFloats(walk))
  free(walk, hidden)
  return streams
}

/** The streams mixed into one, and the weights by which they are mixed before and behind a block. */
interface MixedStreams {
  readonly mixed: Piece
  readonly weights: Piece
}

function before(walk: GraphWalk): MixedStreams {
  const streams = walk.architecture.attention.compressed!.hyperConnections
  const normed = takeFloats(walk, streamFloats(walk))
  const weights = takeFloats(walk, streams * (streams + 2))
  free(walk, normed)
  return { weights, mixed: takeFloats(walk, walk.architecture.hidden) }
}

function behind(walk: GraphWalk, output: Piece, streams: Piece, weights: Piece): Piece {
  const mixed = takeFloats(walk, streamFloats(walk))
  free(walk, output, streams, weights)
  return mixed
}

function attendCompressed(walk: GraphWalk, layer: GraphLayer, normed: Piece): Piece {
  const { headDimension, heads, hidden } = walk.architecture
  const cells = cellsOf(walk, layer)
  const total = cells.window + cells.compressed
  const projected = takeFloats(walk, heads * headDimension)
  const normedQuery = takeFloats(walk, heads * headDimension)
  free(walk, projected)
  const query = takeFloats(walk, heads * headDimension)
  free(walk, normedQuery)
  const keyBytes = total * headDimension * KV_BYTES_PER_ELEMENT[walk.shape.kvType]
  // Entries and window are joined; a layer with a window only reads its cache as it is.
  const keys = cells.compressed > 0 ? take(walk.arena, keyBytes) : null
  const pieces: Piece[] = [query]
  if (keys) pieces.push(keys)
  let scores: Piece | null = null
  if (!walk.shape.flashAttention) {
    pieces.push(take(walk.arena, keyBytes))
    scores = takeFloats(walk, heads * total)
  }
  const mask = layer.kind.compressionRatio === 4 ? selectEntries(walk, cells) : null
  let output = takeFloats(walk, heads * headDimension)
  free(walk, ...pieces)
  if (mask) free(walk, mask)
  if (scores) {
    free(walk, scores)
    const joined = takeFloats(walk, heads * headDimension)
    free(walk, output)
    output = joined
  }
  free(walk, normed)
  const rotated = takeFloats(walk, heads * headDimension)
  free(walk, output)
  const result = takeFloats(walk, hidden)
  free(walk, rotated)
  return result
}

/** The indexer's scores of all entries, then a mask that leaves out all but the best. */
function selectEntries(walk: GraphWalk, cells: CompressedCells): Piece {
  const share = maskShare(walk)
  const scores = takeFloats(walk, cells.compressed)
  free(walk, scores)
  const closed = takeFloats(walk, cells.compressed * share)
  const opened = takeFloats(walk, cells.compressed * share)
  free(walk, closed)
  const mask = takeFloats(walk, (cells.window + cells.compressed) * share)
  free(walk, opened)
  return mask
}
