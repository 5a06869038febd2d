import type { Piece } from '#core/footprint/graph/arena.ts'
import {
  afterCache,
  free,
  takeFloats,
  takeState,
  type GraphLayer,
  type GraphWalk,
} from '#core/footprint/graph/graph-walk.ts'

/** A recurrent block up to its output; frees `normed` after its last use. */
export function recur(walk: GraphWalk, layer: GraphLayer, normed: Piece): Piece {
  switch (walk.architecture.attention.recurrent!.type) {
    case 'short_conv':
      return shortConvolution(walk, layer, normed)
    case 'mamba1':
      return mamba1(walk, layer, normed)
    case 'mamba2':
      return mamba2(walk, layer, normed)
    case 'gated_deltanet':
      return deltaNet(walk, normed)
  }
}

function fact(walk: GraphWalk, name: string): number {
  return walk.architecture.attention.recurrent!.facts[name] ?? 0
}

/** The tokens behind the last ones of the state, ready for the convolution. */
function joinState(walk: GraphWalk, state: Piece, width: number): Piece {
  const joined = takeState(walk, fact(walk, 'convStateElements'), width)
  free(walk, state)
  return joined
}

/** State read before the layer began, or now if nothing asked for it. */
function takeReadState(walk: GraphWalk): Piece {
  const state = walk.nextState ?? takeState(walk, fact(walk, 'convStateElements'))
  walk.nextState = null
  return state
}

/** lfm2.cpp: three projections, one gate before and one behind the convolution. */
function shortConvolution(walk: GraphWalk, layer: GraphLayer, normed: Piece): Piece {
  const { hidden } = walk.architecture
  const state = takeReadState(walk)
  const projected = takeFloats(walk, 3 * hidden)
  free(walk, normed)
  const gated = takeFloats(walk, hidden)
  const joined = joinState(walk, state, hidden)
  free(walk, gated)
  afterCache(walk, layer)
  const convolved = takeFloats(walk, hidden)
  free(walk, joined, projected)
  const output = takeFloats(walk, hidden)
  free(walk, convolved)
  return output
}

/** `build_mamba_layer` (mamba-base.cpp). */
function mamba1(walk: GraphWalk, layer: GraphLayer, normed: Piece): Piece {
  const inner = fact(walk, 'inner')
  const stateSize = fact(walk, 'stateSize')
  const rank = fact(walk, 'dtRank')
  const state = takeReadState(walk)
  const projected = takeFloats(walk, 2 * inner)
  free(walk, normed)
  const joined = joinState(walk, state, inner)
  const convolved = takeFloats(walk, inner)
  free(walk, joined)
  const parts = takeFloats(walk, rank + 2 * stateSize)
  const narrow = takeFloats(walk, rank)
  const step = takeFloats(walk, inner)
  free(walk, narrow)
  const write = takeFloats(walk, stateSize)
  const read = takeFloats(walk, stateSize)
  free(walk, parts)
  const scanned = takeState(walk, fact(walk, 'ssmStateElements'), inner)
  free(walk, step, write, read)
  afterCache(walk, layer)
  return gateAndProject(walk, { projected, convolved, scanned, inner, norm: false })
}

/** `build_mamba2_layer` (mamba-base.cpp). */
function mamba2(walk: GraphWalk, layer: GraphLayer, normed: Piece): Piece {
  const heads = fact(walk, 'heads')
  const inner = heads * fact(walk, 'headDimension')
  const wide = inner + 2 * fact(walk, 'groups') * fact(walk, 'stateSize')
  const state = takeReadState(walk)
  const projected = takeFloats(walk, inner + wide + heads)
  free(walk, normed)
  const joined = joinState(walk, state, wide)
  const convolved = takeFloats(walk, wide)
  free(walk, joined)
  const step = takeFloats(walk, heads)
  const scanned = takeState(walk, fact(walk, 'ssmStateElements'), inner)
  free(walk, step)
  afterCache(walk, layer)
  return gateAndProject(walk, { projected, convolved, scanned, inner, norm: true })
}

interface Scan {
  readonly projected: Piece
  readonly convolved: Piece
  readonly scanned: Piece
  readonly inner: number
  /** Mamba 2: a skip of its own size and a norm. */
  readonly norm: boolean
}

function gateAndProject(walk: GraphWalk, scan: Scan): Piece {
  const gate = takeFloats(walk, scan.inner)
  free(walk, scan.projected)
  let mixed = scan.convolved
  if (scan.norm) {
    mixed = takeFloats(walk, scan.inner)
    free(walk, scan.convolved)
  }
  free(walk, scan.scanned)
  let gated = takeFloats(walk, scan.inner)
  free(walk, gate, mixed)
  if (scan.norm) {
    const normed = takeFloats(walk, scan.inner)
    free(walk, gated)
    gated = normed
  }
  const output = takeFloats(walk, walk.architecture.hidden)
  free(walk, gated)
  return output
}

/** qwen3next.cpp, qwen35.cpp with the fused operator (`build_delta_net_fused`, delta-net-base.cpp). */
function deltaNet(walk: GraphWalk, normed: Piece): Piece {
  const valueHeads = fact(walk, 'valueHeads')
  const keys = fact(walk, 'keyHeads') * fact(walk, 'keyHeadDimension')
  const values = valueHeads * fact(walk, 'valueHeadDimension')
  const repeats = walk.architecture.gguf === 'qwen3next'
  const state = takeState(walk, fact(walk, 'convStateElements'))
  const projected = takeFloats(walk, 2 * keys + values)
  const joined = joinState(walk, state, 2 * keys + values)
  free(walk, projected)
  const matrix = takeState(walk, fact(walk, 'ssmStateElements'))
  const convolved = takeFloats(walk, 2 * keys + values)
  free(walk, joined)
  const side = (): Piece => {
    const narrow = takeFloats(walk, keys)
    if (!repeats) return narrow
    const repeated = takeFloats(walk, valueHeads * fact(walk, 'keyHeadDimension'))
    free(walk, narrow)
    return repeated
  }
  const query = side()
  const key = side()
  const decays = deltaDecays(walk, valueHeads, repeats)
  const mixed = takeState(walk, fact(walk, 'ssmStateElements'), values)
  free(walk, query, key, convolved, ...decays, matrix)
  const output = takeFloats(walk, values)
  free(walk, mixed)
  const gate = takeFloats(walk, values)
  free(walk, normed)
  const activated = takeFloats(walk, values)
  free(walk, gate, activated)
  const result = takeFloats(walk, walk.architecture.hidden)
  free(walk, output)
  return result
}

/** Decay and write strength of each head; Qwen3-Next projects both at once. */
function deltaDecays(walk: GraphWalk, heads: number, together: boolean): readonly Piece[] {
  if (together) {
    const both = takeFloats(walk, 2 * heads)
    const decay = takeFloats(walk, heads)
    const strength = takeFloats(walk, heads)
    free(walk, both)
    return [decay, strength]
  }
  return [0, 1].map(() => {
    const projected = takeFloats(walk, heads)
    const piece = takeFloats(walk, heads)
    free(walk, projected)
    return piece
  })
}
