import type { Piece } from '#core/footprint/graph/arena.ts'
import { attend, projectOutput } from '#core/footprint/graph/attention-steps.ts'
import {
  free,
  isLast,
  keepOutputRows,
  takeFloats,
  type GraphLayer,
  type GraphWalk,
} from '#core/footprint/graph/graph-walk.ts'
import { joinPerLayer, selectPerLayer } from '#core/footprint/graph/per-layer-steps.ts'

/** The streams of the hidden state as the layers hand them on: as they are and with tokens foremost. */
interface Streams {
  readonly plain: Piece
  /** Null behind the last layer. */
  readonly turned: Piece | null
}

/** `n_layer_sparsity` (gemma3n.cpp). */
const SPARSE_LAYERS = 10

/** Gemma 3n (gemma3n.cpp): several streams, of which each layer predicts all, computes one and corrects the rest. */
export function walkAltUp(walk: GraphWalk, embedded: Piece): Piece {
  const { hidden, perLayerEmbeddings } = walk.architecture
  const streams = perLayerEmbeddings!.altupInputs!
  const inputs = selectPerLayer(walk, embedded)
  const repeated = takeFloats(walk, (streams - 1) * hidden)
  const projected = takeFloats(walk, (streams - 1) * hidden)
  free(walk, repeated)
  const scaled = scaleStreams(walk, projected)
  const plain = takeFloats(walk, streams * hidden)
  free(walk, scaled)
  let state: Streams = { plain, turned: takeFloats(walk, streams * hidden) }
  let joined: Piece | null = null
  for (const layer of walk.layers) {
    const { corrected, gate } = streamLayer(walk, layer, state)
    joined ??= joinPerLayer(walk, inputs)
    const last = isLast(walk, layer)
    if (last) free(walk, joined)
    state = addPerLayer(walk, corrected, gate, last)
  }
  return mergeStreams(walk, state)
}

/** Brings streams to the length of the first. */
function scaleStreams(walk: GraphWalk, streams: Piece): Piece {
  const { hidden, perLayerEmbeddings } = walk.architecture
  const others = perLayerEmbeddings!.altupInputs! - 1
  const squares = takeFloats(walk, hidden)
  const length = takeFloats(walk, 1)
  free(walk, squares)
  const scaled = takeFloats(walk, others * hidden)
  free(walk, length)
  const lengths = takeFloats(walk, others)
  free(walk, streams, lengths)
  return scaled
}

/** One layer up to the gate of its own embeddings. */
function streamLayer(
  walk: GraphWalk,
  layer: GraphLayer,
  state: Streams,
): { readonly corrected: Piece; readonly gate: Piece } {
  const { hidden, perLayerEmbeddings } = walk.architecture
  const all = perLayerEmbeddings!.altupInputs! * hidden
  const streams = perLayerEmbeddings!.altupInputs!
  const router = takeFloats(walk, hidden)
  const modalities = takeFloats(walk, streams)
  free(walk, router)
  const coefficients = takeFloats(walk, streams * streams)
  free(walk, modalities)
  const predicted = takeFloats(walk, all)
  free(walk, state.turned!, coefficients)
  const predictions = takeFloats(walk, all)
  free(walk, predicted, state.plain)
  const normed = takeFloats(walk, hidden)
  const attended = projectOutput(walk, layer, attend(walk, layer, normed, true))
  const narrow = takeFloats(walk, perLayerEmbeddings!.laurelRank ?? 0)
  const laurel = takeFloats(walk, hidden)
  free(walk, narrow, normed, laurel)
  const output = activateInPlace(walk, layer, takeFloats(walk, hidden))
  free(walk, attended)
  const innovation = takeFloats(walk, hidden)
  const corrected = takeFloats(walk, all)
  free(walk, innovation)
  const routed = takeFloats(walk, streams)
  free(walk, output)
  const weights = takeFloats(walk, streams)
  free(walk, routed)
  const turnedWeights = takeFloats(walk, streams)
  free(walk, weights, turnedWeights, predictions)
  const scaled = takeFloats(walk, hidden)
  const gate = takeFloats(walk, perLayerEmbeddings!.dimension)
  free(walk, scaled)
  return { corrected, gate }
}

/**
 * Activation and product in place of gate and up. The first layers keep the highest activations only, which takes
 * their mean and spread.
 */
function activateInPlace(walk: GraphWalk, layer: GraphLayer, normed: Piece): Piece {
  const width = layer.kind.feedForwardWidth
  const up = takeFloats(walk, width)
  const gate = takeFloats(walk, width)
  free(walk, normed)
  if (layer.index < SPARSE_LAYERS) {
    const mean = takeFloats(walk, 1)
    const deviation = takeFloats(walk, width)
    const spread = takeFloats(walk, 1)
    free(walk, deviation, spread, mean)
  }
  free(walk, gate)
  const output = takeFloats(walk, walk.architecture.hidden)
  free(walk, up)
  return output
}

function addPerLayer(walk: GraphWalk, corrected: Piece, gate: Piece, last: boolean): Streams {
  const { hidden, perLayerEmbeddings } = walk.architecture
  const streams = perLayerEmbeddings!.altupInputs!
  const first = takeFloats(walk, hidden)
  free(walk, gate)
  const others = takeFloats(walk, (streams - 1) * hidden)
  free(walk, first)
  const plain = takeFloats(walk, streams * hidden)
  free(walk, corrected, others)
  return { plain, turned: last ? null : takeFloats(walk, streams * hidden) }
}

/** The mean of all streams, of the rows with output. */
function mergeStreams(walk: GraphWalk, state: Streams): Piece {
  const { hidden, perLayerEmbeddings } = walk.architecture
  const others = takeFloats(walk, (perLayerEmbeddings!.altupInputs! - 1) * hidden)
  const scaled = scaleStreams(walk, others)
  const merged = takeFloats(walk, hidden)
  free(walk, state.plain, scaled)
  const rows = keepOutputRows(walk, merged)
  free(walk, walk.inputs.outputRows)
  return rows
}
