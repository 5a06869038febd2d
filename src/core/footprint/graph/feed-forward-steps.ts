import { tensorLayout } from '#core/model/llama-architecture.ts'
import type { Piece } from '#core/footprint/graph/arena.ts'
import {
  free,
  readNextState,
  takeFloats,
  type GraphLayer,
  type GraphWalk,
} from '#core/footprint/graph/graph-walk.ts'

/** The feed-forward of a layer (`build_ffn`, `build_moe_ffn`: llama-graph.cpp). Frees `normed` when it `owns` it. */
export function feedForward(walk: GraphWalk, layer: GraphLayer, normed: Piece, owns: boolean): Piece {
  return layer.kind.feedForward === 'experts'
    ? mixture(walk, layer, normed, owns)
    : dense(walk, layer.kind.feedForwardWidth, normed, owns)
}

function dense(walk: GraphWalk, width: number, normed: Piece, owns: boolean): Piece {
  const { architecture, traits } = walk
  let inner: Piece
  if (!architecture.gatedFfn) {
    inner = takeFloats(walk, width)
    if (owns) free(walk, normed)
  } else if (traits.fusedGate) {
    const both = takeFloats(walk, 2 * width)
    if (owns) free(walk, normed)
    inner = takeFloats(walk, width)
    free(walk, both)
  } else {
    const gate = takeFloats(walk, width)
    const up = takeFloats(walk, width)
    if (owns) free(walk, normed)
    inner = takeFloats(walk, width)
    free(walk, gate, up)
  }
  const output = takeFloats(walk, architecture.hidden)
  free(walk, inner)
  return output
}

function mixture(walk: GraphWalk, layer: GraphLayer, normed: Piece, owns: boolean): Piece {
  const { architecture, traits } = walk
  const moe = architecture.moe!
  const { activeExperts } = moe
  const shared = moe.sharedExperts > 0
  const { chosen, weights } = chooseExperts(walk)
  let source = normed
  let ownsSource = owns && !shared
  let restWeights: Piece | null = weights
  if (traits.expertWeights === 'before') {
    source = takeFloats(walk, activeExperts * architecture.hidden)
    free(walk, weights)
    restWeights = null
    ownsSource = true
  }
  // Nemotron's experts work in a narrower space.
  if (moe.latentDimension) {
    source = takeFloats(walk, moe.latentDimension)
    ownsSource = true
  }
  const width = moe.latentDimension ?? architecture.hidden
  const inner = expertsInside(walk, activeExperts * moe.expertFfn, source, ownsSource)
  const down = takeFloats(walk, activeExperts * width)
  free(walk, inner, chosen)
  if (restWeights) free(walk, restWeights)
  let output = takeFloats(walk, width)
  free(walk, down)
  readNextState(walk, layer)
  if (moe.latentDimension) {
    const wide = takeFloats(walk, architecture.hidden)
    free(walk, output)
    output = wide
  }
  if (shared) {
    const beside = dense(
      walk,
      moe.sharedExperts * (moe.sharedFfn ?? moe.expertFfn),
      normed,
      owns && !moe.sharedGate,
    )
    if (moe.sharedGate) {
      const gate = takeFloats(walk, 1)
      if (owns) free(walk, normed)
      free(walk, gate)
    }
    free(walk, beside)
  }
  return output
}

/**
 * Gemma 4's mixture beside a dense feed-forward (gemma4.cpp): router, experts and dense part each with a norm of the
 * layer's hidden state.
 */
export function mixtureBesideDense(walk: GraphWalk): Piece {
  const { ffn, hidden, moe } = walk.architecture
  const { activeExperts, expertFfn, experts } = moe!
  const routed = takeFloats(walk, hidden)
  const { chosen, weights } = chooseExperts(walk, routed)
  const normed = takeFloats(walk, hidden)
  const both = takeFloats(walk, 2 * activeExperts * expertFfn)
  free(walk, normed)
  const inner = takeFloats(walk, activeExperts * expertFfn)
  free(walk, both)
  const down = takeFloats(walk, activeExperts * hidden)
  free(walk, inner)
  // Each expert's output has a factor of its own.
  const factors = takeFloats(walk, experts)
  const chosenFactors = takeFloats(walk, activeExperts)
  free(walk, factors, chosen, chosenFactors, weights)
  const mixed = takeFloats(walk, hidden)
  free(walk, down)
  const output = dense(walk, ffn ?? 0, takeFloats(walk, hidden), true)
  free(walk, mixed)
  return output
}

/** Gate, up and their product of all chosen experts side by side; Nemotron has no gate and squares in place. */
function expertsInside(walk: GraphWalk, width: number, source: Piece, owns: boolean): Piece {
  const gate = walk.architecture.gatedFfn ? takeFloats(walk, width) : null
  const up = takeFloats(walk, width)
  if (owns) free(walk, source)
  if (!gate) return up
  const inner = takeFloats(walk, width)
  free(walk, gate, up)
  return inner
}

/** Scores of all experts, their order, and the weights of the chosen; frees a `source` that nothing else reads. */
function chooseExperts(walk: GraphWalk, source?: Piece): { readonly chosen: Piece; readonly weights: Piece } {
  const { traits } = walk
  const { activeExperts, experts } = walk.architecture.moe!
  let scores = takeFloats(walk, experts)
  if (source) free(walk, source)
  const raw = traits.expertWeights === 'before' ? scores : null
  if (raw) scores = takeFloats(walk, experts)
  const biased = tensorLayout(walk.architecture).expertBias ? takeFloats(walk, experts) : null
  const chosen = takeFloats(walk, experts)
  if (biased) free(walk, biased)
  if (raw) free(walk, raw)
  const weights = takeFloats(walk, activeExperts)
  free(walk, scores)
  if (traits.expertWeights === 'plain' || traits.expertWeights === 'before') return { chosen, weights }
  const sum = traits.expertWeights === 'sum' ? takeFloats(walk, 1) : null
  const normed = takeFloats(walk, activeExperts)
  free(walk, weights)
  if (sum) free(walk, sum)
  return { chosen, weights: normed }
}
