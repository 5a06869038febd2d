import type { Piece } from '#core/footprint/graph/arena.ts'
import { free, takeFloats, type GraphWalk } from '#core/footprint/graph/graph-walk.ts'

/** Embeddings of every layer (Gemma 3n, Gemma 4 E), for the whole micro-batch. */
export interface PerLayerInputs {
  /** Looked-up rows, until the first layer joins them with a projection of the embedded tokens. */
  readonly selected: Piece
  readonly embedded: Piece
}

function allLayers(walk: GraphWalk): number {
  const { layers, perLayerEmbeddings } = walk.architecture
  return layers * perLayerEmbeddings!.dimension
}

/** Looks up the rows of all layers (`build_inp_per_layer`: gemma4.cpp, gemma3n.cpp). */
export function selectPerLayer(walk: GraphWalk, embedded: Piece): PerLayerInputs {
  const rows = takeFloats(walk, allLayers(walk))
  if (walk.inputs.perLayerTokens) free(walk, walk.inputs.perLayerTokens)
  const selected = takeFloats(walk, allLayers(walk))
  free(walk, rows)
  return { selected, embedded }
}

/** Joins the rows with the projection of the embedded tokens; asked for by the first layer. */
export function joinPerLayer(walk: GraphWalk, { embedded, selected }: PerLayerInputs): Piece {
  const projected = takeFloats(walk, allLayers(walk))
  free(walk, embedded)
  const normed = takeFloats(walk, allLayers(walk))
  free(walk, projected, selected)
  const joined = takeFloats(walk, allLayers(walk))
  free(walk, normed)
  return joined
}
