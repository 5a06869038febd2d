import { cacheKinds } from '#core/footprint/cache-kinds.ts'
import { createArena, type Piece } from '#core/footprint/graph/arena.ts'
import { attend, projectOutput } from '#core/footprint/graph/attention-steps.ts'
import { walkAltUp } from '#core/footprint/graph/alt-up-steps.ts'
import { compressedLayer, spreadStreams } from '#core/footprint/graph/compressed-steps.ts'
import { walkEncoder } from '#core/footprint/graph/encoder-steps.ts'
import { joinPerLayer, selectPerLayer } from '#core/footprint/graph/per-layer-steps.ts'
import { feedForward, mixtureBesideDense } from '#core/footprint/graph/feed-forward-steps.ts'
import { startWalk } from '#core/footprint/graph/graph-inputs.ts'
import {
  afterCache,
  free,
  isLast,
  keepOutputRows,
  readNextState,
  takeFloats,
  type GraphLayer,
  type GraphShape,
  type GraphWalk,
} from '#core/footprint/graph/graph-walk.ts'
import { recur } from '#core/footprint/graph/recurrent-steps.ts'
import { layerPlan } from '#core/model/layer-kind.ts'
import type { Architecture } from '#core/model/model.ts'

/** Bytes of the compute buffer of one micro-batch. */
export interface GraphPeaks {
  /** Where the buffer's device has layers only. */
  readonly layersBytes: number
  /** Where it has the output too. */
  readonly withOutputBytes: number
}

/** How far the replay of the graph reaches into the buffer; on the CPU the embedded tokens lie in it too. */
export function graphPeaks(architecture: Architecture, shape: GraphShape, holdsInput: boolean): GraphPeaks {
  if (architecture.tokenTypes !== null) {
    const arena = createArena()
    walkEncoder({ arena, architecture, shape })
    return { layersBytes: arena.peakBytes, withOutputBytes: arena.peakBytes }
  }
  const { walk, input } = startWalk(architecture, graphLayers(architecture), shape, holdsInput)
  const hidden = walkLayers(walk, input)
  const layersBytes = walk.arena.peakBytes
  takeOutput(walk, hidden)
  return { layersBytes, withOutputBytes: walk.arena.peakBytes }
}

function walkLayers(walk: GraphWalk, input: Piece): Piece {
  const { architecture, layers, traits } = walk
  let hidden = traits.embeddingNorm ? renew(walk, input) : input
  if (architecture.attention.compressed) {
    hidden = spreadStreams(walk, hidden)
    for (const layer of layers) hidden = compressedLayer(walk, layer, hidden)
    return hidden
  }
  if (architecture.perLayerEmbeddings?.altupInputs) return walkAltUp(walk, hidden)
  if (architecture.perLayerEmbeddings) return walkPerLayer(walk, hidden)
  if (layers[0]!.kind.mixer === 'recurrent') readNextState(walk, { ...layers[0]!, index: -1 })
  const states: string[] = []
  for (let index = 0; index < layers.length; index += 1) {
    states[index] = stateOf(walk, hidden)
    index += repeatedLayers(walk, states, index)
    hidden = walkLayer(walk, layers[index]!, hidden)
  }
  return hidden
}

function stateOf(walk: GraphWalk, hidden: Piece): string {
  const { sizes, starts } = walk.arena
  return `${hidden.start} ${walk.nextState?.start} ${starts.join(' ')} ${sizes.join(' ')}`
}

/** Pieces may change places from one period to the next: the buffer can take several to come back. */
const PERIODS_TO_REPEAT = 4

/**
 * Layers that can be left out: the buffer is as it was some periods ago, so the same layers do the same again. The last
 * repetition is walked, and every layer after which an input is free.
 */
function repeatedLayers(walk: GraphWalk, states: readonly string[], index: number): number {
  const { architecture } = walk
  const period = architecture.attention.globalEvery ?? architecture.moe?.every ?? 1
  for (let periods = 1; periods <= PERIODS_TO_REPEAT; periods += 1)
    if (states[index - periods * period] === states[index]) return alikeLayers(walk, index, periods * period)
  return 0
}

/** How many layers from `index` on, in whole steps but the last, are what the layers one step before are. */
function alikeLayers({ inputs, layers }: GraphWalk, index: number, step: number): number {
  const ends = [inputs.full?.lastLayer, inputs.window?.lastLayer, inputs.lastRotatedLayer, layers.length - 1]
  let end = index
  while (end < layers.length && !ends.includes(end) && isAlike(layers[end]!, layers[end - step]!)) end += 1
  return Math.max(0, Math.floor((end - index) / step) - 1) * step
}

function isAlike(a: GraphLayer, b: GraphLayer): boolean {
  return a.kind === b.kind && a.cache === b.cache && a.ownCache === b.ownCache
}

/** Gemma 4 E: behind each layer a gated row of its own embeddings is added. */
function walkPerLayer(walk: GraphWalk, embedded: Piece): Piece {
  const { architecture } = walk
  const inputs = selectPerLayer(walk, embedded)
  let joined: Piece | null = null
  let hidden = embedded
  for (const layer of walk.layers) {
    hidden = transform(walk, layer, mix(walk, layer, hidden, layer.index === 0))
    const gate = takeFloats(walk, architecture.perLayerEmbeddings!.dimension)
    joined ??= joinPerLayer(walk, inputs)
    if (isLast(walk, layer)) free(walk, joined)
    const added = takeFloats(walk, architecture.hidden)
    free(walk, gate, added)
  }
  return hidden
}

function graphLayers(architecture: Architecture): readonly GraphLayer[] {
  const { kinds, kindOfLayer } = layerPlan(architecture)
  const caches = cacheKinds(architecture)
  return kindOfLayer.slice(0, architecture.layers).map((kindIndex, index): GraphLayer => {
    const kind = kinds[kindIndex]!
    const cache = caches[index]!
    // Layers without a cache of their own read one like it.
    const shares = cache === 'none' && kind.mixer === 'attention'
    return { index, kind, cache: shares ? (kind.global ? 'full' : 'sliding') : cache, ownCache: !shares }
  })
}

function renew(walk: GraphWalk, old: Piece): Piece {
  const piece = takeFloats(walk, walk.architecture.hidden)
  free(walk, old)
  return piece
}

function walkLayer(walk: GraphWalk, layer: GraphLayer, input: Piece): Piece {
  if (walk.traits.parallel !== 'no') return parallelLayer(walk, layer, input)
  let hidden = input
  if (layer.kind.mixer !== 'none') hidden = mix(walk, layer, hidden)
  if (layer.kind.feedForward !== 'none') hidden = transform(walk, layer, hidden)
  return hidden
}

/** Attention or recurrence and its sum with the layer's input. */
function mix(walk: GraphWalk, layer: GraphLayer, input: Piece, keepsInput = false): Piece {
  const { architecture, traits } = walk
  const normed = traits.normBefore ? takeFloats(walk, architecture.hidden) : input
  const dropsRows = isLast(walk, layer) && traits.outputRows === 'after-attention'
  // Where the sum names the residual first, its rows are asked for first.
  if (dropsRows && traits.attentionSum === 'residual') walk.residual = input
  let output: Piece
  if (layer.kind.mixer === 'recurrent') output = recur(walk, layer, normed)
  else {
    const heads = attend(walk, layer, normed, !traits.normBefore)
    afterCache(walk, layer)
    output = projectOutput(walk, layer, heads)
  }
  let residual = walk.residual ?? input
  if (dropsRows) {
    output = keepOutputRows(walk, output)
    if (!walk.residual) residual = keepOutputRows(walk, residual)
    free(walk, walk.inputs.outputRows)
  }
  const intoResidual =
    traits.attentionSum === 'residual' ||
    (architecture.attention.recurrent?.type === 'gated_deltanet' && layer.kind.mixer === 'recurrent')
  return keepsInput ? output : sum(walk, output, residual, intoResidual)
}

function transform(walk: GraphWalk, layer: GraphLayer, input: Piece): Piece {
  const { architecture, traits } = walk
  if (architecture.gguf === 'gemma4' && architecture.moe)
    return sum(walk, mixtureBesideDense(walk), input, false)
  const normed = traits.normBefore ? takeFloats(walk, architecture.hidden) : input
  const output = feedForward(walk, layer, normed, traits.normBefore)
  return sum(walk, output, input, traits.feedForwardSum === 'residual')
}

/** Sums are in place: one operand becomes the result, the other is free. */
function sum(walk: GraphWalk, output: Piece, residual: Piece, intoResidual: boolean): Piece {
  free(walk, intoResidual ? output : residual)
  return intoResidual ? residual : output
}

/** Attention and feed-forward side by side (falcon.cpp, gptneox.cpp, command-r.cpp, cohere2.cpp). */
function parallelLayer(walk: GraphWalk, layer: GraphLayer, input: Piece): Piece {
  const { gguf, hidden } = walk.architecture
  const ownNorm = walk.traits.parallel === 'own-norm'
  const last = isLast(walk, layer)
  // GPT-NeoX drops rows before its second norm, Falcon behind it.
  const rowsLate = gguf === 'falcon'
  const normed = takeFloats(walk, hidden)
  const heads = attend(walk, layer, normed, !ownNorm)
  let residual = input
  let second: Piece
  if (ownNorm) {
    if (last && !rowsLate) residual = keepOutputRows(walk, residual)
    second = takeFloats(walk, hidden)
    if (last && rowsLate) second = keepOutputRows(walk, second)
  } else second = last ? keepOutputRows(walk, normed) : normed
  const output = feedForward(walk, layer, second, true)
  const addResidual = (): void => {
    if (last && (rowsLate || !ownNorm)) residual = keepOutputRows(walk, residual)
    free(walk, residual)
  }
  const addAttention = (): void => {
    let projected = projectOutput(walk, layer, heads)
    if (last) projected = keepOutputRows(walk, projected)
    free(walk, projected)
  }
  if (rowsLate) {
    addAttention()
    addResidual()
  } else {
    addResidual()
    addAttention()
  }
  if (last) free(walk, walk.inputs.outputRows)
  return output
}

/** The last norm, and logits of every token of the micro-batch. */
function takeOutput(walk: GraphWalk, hidden: Piece): void {
  const { architecture, traits } = walk
  if (traits.outputRows !== 'after-attention') {
    takeFloats(walk, architecture.hidden)
    free(walk, walk.inputs.outputRows)
  } else if (traits.layerNorm) renew(walk, hidden)
  takeFloats(walk, architecture.vocabulary)
}
