import type { Piece } from '#core/footprint/graph/arena.ts'
import { attend, projectOutput } from '#core/footprint/graph/attention-steps.ts'
import { feedForward } from '#core/footprint/graph/feed-forward-steps.ts'
import { free, takeFloats, type GraphLayer, type GraphWalk } from '#core/footprint/graph/graph-walk.ts'
import { joinPerLayer, selectPerLayer } from '#core/footprint/graph/per-layer-steps.ts'

/** The streams of the hidden state as the layers hand them on: as they are and with tokens foremost. */
interface Streams {
  readonly plain: Piece
  readonly turned: Piece
}

/** Gemma 3n (gemma3n.cpp): several streams, of which each layer predicts all, computes one and corrects the rest. */
export function walkAltUp(walk: GraphWalk, embedded: Piece): Piece {
  const { hidden, perLayerEmbeddings } = walk.architecture
  const streams = perLayerEmbeddings!.altupInputs!
  const inputs = selectPerLayer(walk, embedded)
  const repeated = takeFloats(walk, (streams - 1) * hidden)
  const projected = takeFloats(walk, (streams - 1) * hidden)
  free(walk, repeated)
  const plain = takeFloats(walk, streams * hidden)
  free(walk, projected)
  let state: Streams = { plain, turned: takeFloats(walk, streams * hidden) }
  let joined: Piece | null = null
  for (const layer of walk.layers) {
    const { corrected, gate } = streamLayer(walk, layer, state)
    joined ??= joinPerLayer(walk, inputs)
    state = addPerLayer(walk, corrected, gate)
  }
  return mergeStreams(walk, state)
}

/** One layer up to the gate of its own embeddings. */
function streamLayer(
  walk: GraphWalk,
  layer: GraphLayer,
  state: Streams,
): { readonly corrected: Piece; readonly gate: Piece } {
  const { hidden, perLayerEmbeddings } = walk.architecture
  const all = perLayerEmbeddings!.altupInputs! * hidden
  const predicted = takeFloats(walk, all)
  free(walk, state.turned)
  const predictions = takeFloats(walk, all)
  free(walk, predicted, state.plain)
  const normed = takeFloats(walk, hidden)
  const attended = projectOutput(walk, layer, attend(walk, layer, normed, true))
  const narrow = takeFloats(walk, perLayerEmbeddings!.laurelRank ?? 0)
  const laurel = takeFloats(walk, hidden)
  free(walk, narrow, normed, laurel)
  const output = feedForward(walk, layer, takeFloats(walk, hidden), true)
  free(walk, attended)
  const innovation = takeFloats(walk, hidden)
  const corrected = takeFloats(walk, all)
  free(walk, innovation, output, predictions)
  const scaled = takeFloats(walk, hidden)
  const gate = takeFloats(walk, perLayerEmbeddings!.dimension)
  free(walk, scaled)
  return { corrected, gate }
}

function addPerLayer(walk: GraphWalk, corrected: Piece, gate: Piece): Streams {
  const { hidden, perLayerEmbeddings } = walk.architecture
  const streams = perLayerEmbeddings!.altupInputs!
  const first = takeFloats(walk, hidden)
  free(walk, gate)
  const others = takeFloats(walk, (streams - 1) * hidden)
  free(walk, first)
  const plain = takeFloats(walk, streams * hidden)
  free(walk, corrected, others)
  return { plain, turned: takeFloats(walk, streams * hidden) }
}

/** The mean of all streams. */
function mergeStreams(walk: GraphWalk, state: Streams): Piece {
  const { hidden, perLayerEmbeddings } = walk.architecture
  free(walk, state.turned)
  const others = takeFloats(walk, (perLayerEmbeddings!.altupInputs! - 1) * hidden)
  const merged = takeFloats(walk, hidden)
  free(walk, state.plain, others)
  return merged
}
