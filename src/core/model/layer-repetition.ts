import { oncePer } from '#core/lookup/once-per.ts'
import { layerPlan } from '#core/model/layer-kind.ts'
import type { Architecture } from '#core/model/model.ts'

/** How the kinds of layers of a model repeat: what a shallower stand-in has to keep to have the same mix. */
export interface LayerRepetition {
  /** Layers at the start that are unlike the rest: dense ones before experts, DeepSeek V4's token-routed ones. */
  readonly leadingLayers: number
  /**
   * Smallest number of layers after which the kinds repeat: plain dense 1, Gemma 3 6, Qwen3-Next 4, Jamba 8. Where they
   * never repeat exactly (Nemotron-H, LFM2), the number of layers that can hold their mix.
   */
  readonly periodLayers: number
  /** False where kinds follow no period; layers are then chosen by kind. */
  readonly regular: boolean
  /** First layer of each run of repeats: one run, or two where trailing layers share an earlier K/V cache. */
  readonly runStarts: readonly number[]
  /** The least layers that have every kind: the leading ones and one period of each run. */
  readonly minimumLayers: number
}

/** DeepSeek V4's first layers are routed by token id and, in part, window-only (`num_hash_layers` 3). */
const COMPRESSED_LEADING_LAYERS = 3

/** The kind of each layer, apart by whether it shares the K/V cache of an earlier one. */
function keysOf(architecture: Architecture): readonly number[] {
  const firstShared = architecture.layers - architecture.attention.kvSharedLayers
  return layerPlan(architecture)
    .kindOfLayer.slice(0, architecture.layers)
    .map((kind, layer) => kind * 2 + (layer >= firstShared ? 1 : 0))
}

function repeatsAfter(
  keys: readonly number[],
  period: number,
  runs: readonly (readonly [number, number])[],
): boolean {
  const first = runs[0]?.[0] ?? 0
  return runs.every(([start, end]) => {
    if ((start - first) % period !== 0 || end - start < period) return false
    for (let layer = start; layer + period < end; layer += 1)
      if (keys[layer] !== keys[layer + period]) return false
    return true
  })
}

function countByKey(keys: readonly number[]): readonly number[] {
  const counts = new Map<number, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return [...counts.values()]
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b)

/** Without a period: the fewest layers in which every kind has its share, exactly or with the rarest kind once. */
function mixedPeriod(keys: readonly number[]): number {
  const counts = countByKey(keys)
  const divisor = counts.reduce(greatestCommonDivisor)
  return divisor > 1 ? keys.length / divisor : Math.round(keys.length / Math.min(...counts))
}

function findRepetition(architecture: Architecture): LayerRepetition {
  const { attention, layers, moe } = architecture
  const leading = Math.min(
    attention.compressed === null ? (moe?.denseLayers ?? 0) : COMPRESSED_LEADING_LAYERS,
    layers - 1,
  )
  const keys = keysOf(architecture)
  const firstShared = Math.max(layers - attention.kvSharedLayers, leading)
  const runStarts = firstShared > leading && firstShared < layers ? [leading, firstShared] : [leading]
  const runs = runStarts.map((start, run) => [start, runStarts[run + 1] ?? layers] as const)
  const body = layers - leading
  for (let period = 1; period <= Math.max(1, body / 2); period += 1)
    if (repeatsAfter(keys, period, runs))
      return {
        leadingLayers: leading,
        periodLayers: period,
        regular: true,
        runStarts,
        minimumLayers: leading + period * runs.length,
      }
  const periodLayers = mixedPeriod(keys.slice(leading))
  return {
    leadingLayers: leading,
    periodLayers,
    regular: false,
    runStarts: [leading],
    minimumLayers: leading + periodLayers,
  }
}

/** How the layers of an architecture repeat; computed once per architecture. */
export const layerRepetition = oncePer(findRepetition)
