import { createArena, type Arena, type Piece } from '#core/footprint/graph/arena.ts'
import { takeCompressedInputs } from '#core/footprint/graph/compressed-steps.ts'
import { graphTraits } from '#core/footprint/graph/graph-traits.ts'
import {
  free,
  headWidths,
  isHadamardRotated,
  isRotated,
  takeFloats,
  takeState,
  type CacheInputs,
  type GraphInputs,
  type GraphLayer,
  type GraphShape,
  type GraphWalk,
} from '#core/footprint/graph/graph-walk.ts'
import { valueCacheType } from '#core/footprint/kv-type.ts'
import { MICRO_BATCH_TOKENS, padCells } from '#core/footprint/micro-batch.ts'
import type { Architecture } from '#core/model/model.ts'

/** Starts a walk: the inputs in the order ggml finds them. */
export function startWalk(
  architecture: Architecture,
  layers: readonly GraphLayer[],
  shape: GraphShape,
  holdsInput: boolean,
): { readonly walk: GraphWalk; readonly input: Piece } {
  const arena = createArena()
  const traits = graphTraits(architecture)
  const tokens = holdsInput ? takeFloats({ arena }, 1) : null
  // The graph could be fed embeddings instead of tokens: room for them is never given back.
  if (holdsInput) takeFloats({ arena }, architecture.hidden)
  // Gemma's tables of every layer are looked up by tokens of their own.
  const perLayerTokens = architecture.perLayerEmbeddings ? takeFloats({ arena }, 1) : null
  const inputs = { ...takeInputs(arena, { architecture, traits, layers, shape }), perLayerTokens }
  const input = takeFloats({ arena }, architecture.hidden)
  if (tokens) free({ arena }, tokens)
  return {
    walk: { arena, architecture, traits, shape, layers, inputs, nextState: null, residual: null },
    input,
  }
}

type InputFacts = Pick<GraphWalk, 'architecture' | 'traits' | 'layers' | 'shape'>

function takeInputs(arena: Arena, facts: InputFacts): Omit<GraphInputs, 'perLayerTokens'> {
  const { layers } = facts
  const rotated = layers.findLast((layer) => isRotated(facts, layer))
  const caches: { full: CacheInputs | null; window: CacheInputs | null } = { full: null, window: null }
  let positions: Piece | null = null
  const beforePositions = (): void => {
    if (rotated && !positions) positions = takeFloats({ arena }, positionsPerToken(facts.architecture))
  }
  if (facts.architecture.attention.compressed) takeCompressedInputs({ arena, ...facts })
  else
    for (const layer of layers) {
      const windowed = layer.cache === 'sliding'
      const name = windowed ? 'window' : 'full'
      if (layer.kind.mixer !== 'attention' || caches[name]) continue
      caches[name] = takeCacheInputs(arena, facts, windowed, beforePositions)
      if (caches.full && caches.window) break
    }
  beforePositions()
  return {
    positions,
    lastRotatedLayer: rotated?.index ?? -1,
    ...caches,
    outputRows: takeFloats({ arena }, 1),
  }
}

/** Qwen3.5 rotates by four positions a token. */
function positionsPerToken(architecture: Architecture): number {
  return architecture.gguf === 'qwen35' || architecture.gguf === 'qwen35moe' ? 4 : 1
}

function takeCacheInputs(
  arena: Arena,
  { architecture, layers, shape }: InputFacts,
  windowed: boolean,
  beforePositions: () => void,
): CacheInputs {
  const { flashAttention, kvType } = shape
  const cells = cellsOf(architecture, shape.contextTokens, windowed)
  if (architecture.attention.latent)
    return takeLatentInputs(arena, { architecture, layers, shape }, beforePositions)
  const widths = headWidths(architecture, windowed)
  const matrix = (rotated: boolean, columns: number): Piece | null =>
    rotated ? takeState({ arena }, columns * columns) : null
  const keyRotation = matrix(isHadamardRotated(kvType, widths.head), hadamardColumns(widths.head))
  beforePositions()
  // Llama 4 scales the queries of global layers by position.
  const queryScale = architecture.gguf === 'llama4' && !windowed ? takeFloats({ arena }, 1) : null
  const valueType = valueCacheType(kvType, flashAttention)
  const readers = layers.filter(
    ({ cache, kind }) => kind.mixer === 'attention' && (cache === 'sliding') === windowed,
  )
  return {
    cells,
    queryScale,
    keyRotation,
    valueRotation: matrix(isHadamardRotated(valueType, widths.head), 64),
    keyIndex: takeFloats({ arena }, 2),
    // Indexes are 64 bits; without flash attention V is kept transposed and each of its elements has one.
    valueIndex: takeFloats({ arena }, 2 * (flashAttention ? 1 : widestValue(architecture))),
    mask: takeFloats({ arena }, cells * (flashAttention ? 0.5 : 1)),
    lastLayer: readers.at(-1)!.index,
    lastWriter: readers.findLast(({ ownCache }) => ownCache)!.index,
    selections: [],
  }
}

/** Latent attention has no values; sparse attention brings an indexer's cache, and a selection in every layer. */
function takeLatentInputs(
  arena: Arena,
  { architecture, layers, shape }: Pick<InputFacts, 'architecture' | 'layers' | 'shape'>,
  beforePositions: () => void,
): CacheInputs {
  const { indexer } = architecture.attention
  const cells = padCells(shape.contextTokens)
  const maskFloats = cells * (shape.flashAttention ? 0.5 : 1)
  if (indexer) takeState({ arena }, hadamardColumns(indexer.headDimension) ** 2)
  beforePositions()
  if (indexer) takeFloats({ arena }, 2)
  const keyIndex = takeFloats({ arena }, 2)
  const select = (): Piece => takeFloats({ arena }, Math.min(indexer?.topK ?? 0, cells))
  const selections = indexer ? [select()] : []
  // The indexer's mask is f16 in any case.
  if (indexer) takeFloats({ arena }, cells * 0.5)
  const mask = takeFloats({ arena }, maskFloats)
  if (indexer) for (const _ of layers.slice(1)) selections.push(select())
  return {
    cells,
    queryScale: null,
    keyRotation: null,
    valueRotation: null,
    keyIndex,
    valueIndex: null,
    mask,
    lastLayer: layers.at(-1)!.index,
    lastWriter: layers.at(-1)!.index,
    selections,
  }
}

/** Columns of the rotation of keys: the largest power of two, 64 or more, that divides the head. */
function hadamardColumns(head: number): number {
  let columns = 64
  while (head % (columns * 2) === 0) columns *= 2
  return columns
}

/** `n_embd_v_gqa_max`. */
function widestValue(architecture: Architecture): number {
  return Math.max(headWidths(architecture, true).keyValue, headWidths(architecture, false).keyValue)
}

/** Cells of a layer's cache. */
function cellsOf(architecture: Architecture, contextTokens: number, windowed: boolean): number {
  const cells = padCells(contextTokens)
  const { windowTokens } = architecture.attention
  return windowed && windowTokens !== null
    ? Math.min(cells, padCells(windowTokens + MICRO_BATCH_TOKENS))
    : cells
}
