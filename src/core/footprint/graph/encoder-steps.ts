import { free, takeFloats, type GraphWalk } from '#core/footprint/graph/graph-walk.ts'
import type { Piece } from '#core/footprint/graph/arena.ts'
import { MICRO_BATCH_TOKENS } from '#core/footprint/micro-batch.ts'

type EncoderWalk = Pick<GraphWalk, 'arena' | 'architecture' | 'shape'>

/**
 * The graph of an encoder (bert.cpp): a micro-batch attends to itself, no cache, norms behind; with token types BERT
 * also adds a table of positions, Nomic rotates instead.
 */
export function walkEncoder(walk: EncoderWalk): void {
  const { architecture, shape } = walk
  const tokens = takeFloats(walk, 1)
  takeFloats(walk, architecture.hidden)
  const positions = takeFloats(walk, 1)
  takeFloats(walk, MICRO_BATCH_TOKENS * (shape.flashAttention ? 0.5 : 1))
  takeFloats(walk, 1)
  takeFloats(walk, 1)
  let hidden = takeFloats(walk, architecture.hidden)
  free(walk, tokens)
  if (architecture.positionEmbeddings !== null) {
    const table = takeFloats(walk, architecture.hidden)
    free(walk, positions, hidden)
    hidden = table
  }
  hidden = renew(walk, hidden)
  for (let layer = 0; layer < architecture.layers; layer += 1) hidden = encoderLayer(walk, hidden)
}

function renew(walk: EncoderWalk, old: Piece): Piece {
  const piece = takeFloats(walk, walk.architecture.hidden)
  free(walk, old)
  return piece
}

function encoderLayer(walk: EncoderWalk, input: Piece): Piece {
  const heads = walk.architecture.positionEmbeddings === null ? attendRotated(walk) : attendPlain(walk)
  const attended = takeFloats(walk, walk.architecture.hidden)
  free(walk, heads, input)
  const normed = renew(walk, attended)
  const { ffn, gatedFfn, hidden } = walk.architecture
  let inner = takeFloats(walk, ffn ?? 0)
  if (gatedFfn) {
    const up = takeFloats(walk, ffn ?? 0)
    const product = takeFloats(walk, ffn ?? 0)
    free(walk, inner, up)
    inner = product
  }
  const output = takeFloats(walk, hidden)
  free(walk, inner, normed)
  return renew(walk, output)
}

/** Queries, keys and values each in a piece. */
function attendPlain(walk: EncoderWalk): Piece {
  const { hidden } = walk.architecture
  const query = takeFloats(walk, hidden)
  const key = takeFloats(walk, hidden)
  const value = takeFloats(walk, hidden)
  if (!walk.shape.flashAttention) {
    const turned = takeFloats(walk, hidden)
    free(walk, value)
    return score(walk, [key, query], turned)
  }
  const shortKey = takeFloats(walk, hidden / 2)
  free(walk, key)
  const shortValue = takeFloats(walk, hidden / 2)
  free(walk, value)
  const output = takeFloats(walk, hidden)
  free(walk, query, shortKey, shortValue)
  return output
}

/** One projection of all three; rotation copies queries and keys out of it. */
function attendRotated(walk: EncoderWalk): Piece {
  const { hidden } = walk.architecture
  const all = takeFloats(walk, 3 * hidden)
  const query = takeFloats(walk, hidden)
  const key = takeFloats(walk, hidden)
  if (!walk.shape.flashAttention) {
    const turned = takeFloats(walk, hidden)
    free(walk, all)
    return score(walk, [key, query], turned)
  }
  const shortKey = takeFloats(walk, hidden / 2)
  free(walk, key)
  const shortValue = takeFloats(walk, hidden / 2)
  free(walk, all)
  const output = takeFloats(walk, hidden)
  free(walk, query, shortKey, shortValue)
  return output
}

function score(walk: EncoderWalk, sides: readonly Piece[], value: Piece): Piece {
  const { heads, hidden } = walk.architecture
  const scores = takeFloats(walk, heads * MICRO_BATCH_TOKENS)
  free(walk, ...sides)
  const mixed = takeFloats(walk, hidden)
  free(walk, value, scores)
  const output = takeFloats(walk, hidden)
  free(walk, mixed)
  return output
}
