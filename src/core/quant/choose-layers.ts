import { layerPlan } from '#core/model/layer-kind.ts'
import { layerRepetition, type LayerRepetition } from '#core/model/layer-repetition.ts'
import type { Architecture, Model } from '#core/model/model.ts'
import { quantizedTensors } from '#core/quant/quantized-tensors.ts'
import type { Quantization } from '#core/quant/quantization.ts'

/** Bytes by tensor type. */
type BytesByType = ReadonlyMap<string, number>

/** Layers that are kept or left out together, with what they weigh. */
interface Candidate {
  readonly layers: readonly number[]
  readonly bytes: BytesByType
}

function add(one: BytesByType, other: BytesByType): BytesByType {
  const sum = new Map(one)
  for (const [type, bytes] of other) sum.set(type, (sum.get(type) ?? 0) + bytes)
  return sum
}

const total = (candidates: readonly Candidate[]): BytesByType =>
  candidates.reduce((sum: BytesByType, { bytes }) => add(sum, bytes), new Map<string, number>())

/** How far some bytes are from a share of all: the sum over types. */
function distance(bytes: BytesByType, all: BytesByType, share: number): number {
  let sum = 0
  for (const [type, target] of all) sum += Math.abs((bytes.get(type) ?? 0) - target * share)
  return sum
}

/**
 * Picks `count` candidates, one from each of `count` equal stretches: the one that brings what is picked so far nearest
 * to its share of each tensor type. Recipes give more bits to the ends and to every third layer, so picks by place
 * alone would be too heavy or too light.
 */
function pickSpread(candidates: readonly Candidate[], count: number): readonly Candidate[] {
  const all = total(candidates)
  const picked: Candidate[] = []
  let bytes: BytesByType = new Map()
  for (let at = 0; at < count; at += 1) {
    const from = Math.floor((at * candidates.length) / count)
    const to = Math.floor(((at + 1) * candidates.length) / count)
    const share = (at + 1) / candidates.length
    let best: Candidate | undefined
    let bestDistance = Infinity
    for (const candidate of candidates.slice(from, to)) {
      const off = distance(add(bytes, candidate.bytes), all, share)
      if (off >= bestDistance) continue
      best = candidate
      bestDistance = off
    }
    if (best === undefined) break
    picked.push(best)
    bytes = add(bytes, best.bytes)
  }
  return picked
}

/** `wanted` shared out by size, at least one each (largest remainder). */
function shareOut(sizes: readonly number[], wanted: number): readonly number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0)
  const exact = sizes.map((size) => (size * wanted) / all)
  const shares = exact.map((share) => Math.max(1, Math.floor(share)))
  const byNeed = exact.map((_, at) => at)
  for (;;) {
    const given = shares.reduce((sum, share) => sum + share, 0)
    if (given >= wanted) return shares
    byNeed.sort((a, b) => exact[b]! - shares[b]! - (exact[a]! - shares[a]!))
    const neediest = byNeed[0]
    if (neediest === undefined) return shares
    shares[neediest]! += 1
  }
}

/** Whole periods of each run of the body. */
function regularGroups(
  { layers }: Architecture,
  { periodLayers, runStarts }: LayerRepetition,
): readonly (readonly (readonly number[])[])[] {
  return runStarts.map((start, run) => {
    const end = runStarts[run + 1] ?? layers
    const periods = Math.floor((end - start) / periodLayers)
    return Array.from({ length: periods }, (_, at) =>
      Array.from({ length: periodLayers }, (__, inside) => start + at * periodLayers + inside),
    )
  })
}

/** Single layers of the body by kind. */
function irregularGroups(
  architecture: Architecture,
  { leadingLayers }: LayerRepetition,
): readonly (readonly (readonly number[])[])[] {
  const { kindOfLayer } = layerPlan(architecture)
  const byKind = new Map<number, (readonly number[])[]>()
  for (let layer = leadingLayers; layer < architecture.layers; layer += 1) {
    const kind = kindOfLayer[layer] ?? 0
    const known = byKind.get(kind)
    if (known === undefined) byKind.set(kind, [[layer]])
    else known.push([layer])
  }
  return [...byKind.values()]
}

function bytesOfLayers(model: Model, quantization: Quantization): readonly BytesByType[] {
  const bytes = Array.from({ length: model.architecture.layers }, () => new Map<string, number>())
  for (const { tensor, type, bytes: size } of quantizedTensors(model, quantization)) {
    const layer = tensor.layer === null ? undefined : bytes[tensor.layer]
    layer?.set(type.name, (layer.get(type.name) ?? 0) + size)
  }
  return bytes
}

/** llama.cpp takes a deepseek2 file of 26 or 27 layers for a Lite model and asks for other tensors (deepseek2.cpp). */
function isMistaken(architecture: Architecture, layers: number): boolean {
  return architecture.gguf === 'deepseek2' && (layers === 26 || layers === 27)
}

/**
 * Which layers a shallow stand-in keeps, in ascending order: the leading special ones and whole periods of the rest,
 * spread evenly, so that mix of kinds and mean bytes per layer and tensor type are as near to the whole model's as
 * `count` layers allow. `count` is rounded down to whole periods and up to the least that has every kind
 * (`layerRepetition`); a `count` of all layers or more keeps all.
 */
export function chooseLayers(model: Model, quantization: Quantization, count: number): readonly number[] {
  const { architecture } = model
  const repetition = layerRepetition(architecture)
  const { leadingLayers, minimumLayers, periodLayers, regular } = repetition
  if (count >= architecture.layers) return Array.from({ length: architecture.layers }, (_, layer) => layer)
  const bytes = bytesOfLayers(model, quantization)
  const groups = regular ? regularGroups(architecture, repetition) : irregularGroups(architecture, repetition)
  const unit = regular ? periodLayers : 1
  let body = Math.max(count, minimumLayers) - leadingLayers
  while (isMistaken(architecture, leadingLayers + body)) body -= unit
  const shares = shareOut(
    groups.map((group) => group.length),
    Math.floor(body / unit),
  )
  const picked = groups.flatMap((group, at) => {
    const candidates = group.map((layers): Candidate => {
      const ofLayers = layers.map((layer) => bytes[layer] ?? new Map<string, number>())
      return { layers, bytes: ofLayers.reduce(add) }
    })
    return pickSpread(candidates, Math.min(shares[at] ?? 1, candidates.length))
  })
  const leading = Array.from({ length: leadingLayers }, (_, layer) => layer)
  return [...leading, ...picked.flatMap(({ layers }) => layers).sort((a, b) => a - b)]
}
