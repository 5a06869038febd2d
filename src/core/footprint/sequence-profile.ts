import { KV_BYTES_PER_ELEMENT, valueCacheType } from '#core/footprint/kv-type.ts'
import { cacheKinds, hasWindowedCache, type CacheKind } from '#core/footprint/cache-kinds.ts'
import { MICRO_BATCH_TOKENS, padCells } from '#core/footprint/micro-batch.ts'
import { recurrentStateBytes } from '#core/footprint/recurrent-state.ts'
import type { Architecture, Model } from '#core/model/model.ts'
import type { KvType } from '#core/quant/quantization.ts'

/** What the sequences of a plan are like. */
export interface SequenceShape {
  readonly contextTokens: number
  readonly users: number
  readonly kvType: KvType
  readonly flashAttention: boolean
  /** Tokens in the cache when a token is decoded. */
  readonly depthTokens: number
}

/** Cache and state of a model under a sequence shape; `…Prefix[i]` sums layers before `i`, so a range is a difference. */
export interface SequenceProfile {
  readonly shape: SequenceShape
  /** KV cache of all users. */
  readonly cachePrefix: Float64Array
  /** Recurrent state of all users. */
  readonly statePrefix: Float64Array
  /** Cache and state bytes one stream reads for one token. */
  readonly readPrefix: Float64Array
}

const profiles = new WeakMap<Model, SequenceProfile>()

/**
 * KV cache as llama.cpp allocates it (src/llama-kv-cache*.cpp): per sequence, context padded to 256 cells; windowed
 * layers min(context, window + micro-batch) padded to 256; latent attention one row of rank + rope a token and no V;
 * DeepSeek V4 a window of K only plus one entry per 4 or 128 tokens; recurrent blocks a constant f32 state. Exact in
 * cells and types; the last profile of each model is kept because sliders and rankings ask for it again and again.
 */
export function sequenceProfile(model: Model, shape: SequenceShape): SequenceProfile {
  const known = profiles.get(model)
  if (known && sameShape(known.shape, shape)) return known
  const profile = buildProfile(model.architecture, shape)
  profiles.set(model, profile)
  return profile
}

function sameShape(a: SequenceShape, b: SequenceShape): boolean {
  return (
    a.contextTokens === b.contextTokens &&
    a.users === b.users &&
    a.kvType === b.kvType &&
    a.flashAttention === b.flashAttention &&
    a.depthTokens === b.depthTokens
  )
}

function buildProfile(architecture: Architecture, shape: SequenceShape): SequenceProfile {
  const kinds = cacheKinds(architecture)
  const cachePrefix = new Float64Array(kinds.length + 1)
  const statePrefix = new Float64Array(kinds.length + 1)
  const readPrefix = new Float64Array(kinds.length + 1)
  const recurrent = recurrentStateBytes(architecture)
  kinds.forEach((kind, layer) => {
    const state = kind === 'recurrent' ? recurrent : compressorStateBytes(architecture, kind)
    const cache = layerCacheBytes(architecture, kind, shape)
    cachePrefix[layer + 1] = cachePrefix[layer]! + cache * shape.users
    statePrefix[layer + 1] = statePrefix[layer]! + state * shape.users
    readPrefix[layer + 1] = readPrefix[layer]! + layerReadBytes(architecture, kind, shape) + state
  })
  return { shape, cachePrefix, statePrefix, readPrefix }
}

function layerCacheBytes(architecture: Architecture, kind: CacheKind, shape: SequenceShape): number {
  const tokens = shape.contextTokens
  const cells = padCells(tokens)
  const windowCells = Math.min(
    cells,
    padCells((architecture.attention.windowTokens ?? tokens) + MICRO_BATCH_TOKENS),
  )
  return cellBytes(architecture, kind, shape, {
    cells,
    windowCells,
    divide: (by) => padCells(Math.ceil(cells / by)),
  })
}

/** Bytes read for one token at the profile's depth: only the cells that hold something it attends to. */
function layerReadBytes(architecture: Architecture, kind: CacheKind, shape: SequenceShape): number {
  const cells = Math.min(shape.depthTokens, shape.contextTokens)
  const windowCells = Math.min(cells, architecture.attention.windowTokens ?? cells)
  return cellBytes(architecture, kind, shape, { cells, windowCells, divide: (by) => cells / by })
}

interface Cells {
  readonly cells: number
  readonly windowCells: number
  readonly divide: (by: number) => number
}

function cellBytes(architecture: Architecture, kind: CacheKind, shape: SequenceShape, at: Cells): number {
  const { attention } = architecture
  const keyBytes = KV_BYTES_PER_ELEMENT[shape.kvType]
  switch (kind) {
    case 'none':
    case 'recurrent':
      return 0
    case 'full':
      return at.cells * rowBytes(architecture, shape, true)
    case 'sliding':
      if (attention.compressed) return at.windowCells * architecture.headDimension * keyBytes
      return at.windowCells * rowBytes(architecture, shape, false)
    case 'latent': {
      const indexer = attention.indexer
        ? (attention.indexer.headDimension * attention.indexer.layers) / architecture.layers
        : 0
      return at.cells * (attention.latent!.kvLoraRank + attention.latent!.ropeDimension + indexer) * keyBytes
    }
    case 'compressed4':
      return (
        (at.windowCells * architecture.headDimension +
          at.divide(4) * (architecture.headDimension + attention.compressed!.indexHeadDimension)) *
        keyBytes
      )
    case 'compressed128':
      return (at.windowCells + at.divide(128)) * architecture.headDimension * keyBytes
  }
}

/** K and V of one token in one layer. Without flash attention V is padded to the widest layer (llama-kv-cache.cpp). */
function rowBytes(architecture: Architecture, shape: SequenceShape, global: boolean): number {
  const { attention, kvHeads, headDimension } = architecture
  const varies = hasWindowedCache(architecture)
  const globalElements =
    varies && attention.globalHeadDimension !== null
      ? (attention.globalKvHeads ?? kvHeads) * attention.globalHeadDimension
      : kvHeads * headDimension
  const elements = global ? globalElements : kvHeads * headDimension
  const valueElements =
    shape.flashAttention || !varies ? elements : Math.max(globalElements, kvHeads * headDimension)
  const valueType = valueCacheType(shape.kvType, shape.flashAttention)
  return elements * KV_BYTES_PER_ELEMENT[shape.kvType] + valueElements * KV_BYTES_PER_ELEMENT[valueType]
}

/** Compressor state of DeepSeek V4 (llama-kv-cache-dsv4.cpp): value and score rows in f32, a few MB a sequence. */
function compressorStateBytes(architecture: Architecture, kind: CacheKind): number {
  const { headDimension, attention } = architecture
  const rowsTimesPlanes = 4 * 2
  if (kind === 'compressed4')
    return 8 * 2 * (headDimension + attention.compressed!.indexHeadDimension) * rowsTimesPlanes
  return kind === 'compressed128' ? 128 * headDimension * rowsTimesPlanes : 0
}
