import type { LayerShare, Layout } from '#core/placement/layout.ts'
import type { DeviceSet } from '#core/placement/machine-profile.ts'
import { between, deviceFixedBytes, layerRangeBytes, type PlanTerms } from '#core/placement/plan-terms.ts'
import type { PlacementMode } from '#core/plan/plan.ts'

/** Everything in RAM. */
export function layOutOnCpu(terms: PlanTerms): Layout {
  const { layers } = terms.weights
  return { mode: 'cpu', backend: 'cpu', set: null, shares: [], start: layers, expertsFrom: layers }
}

/** Layers from `start` on, and experts from `expertsFrom` on, over the devices of a set, each to its share of room. */
export function layOutOnDevices(
  terms: PlanTerms,
  set: DeviceSet,
  start: number,
  expertsFrom: number,
): Layout {
  const shares =
    set.devices.length === 1 ? single(terms, set, start) : balanced(terms, set, start, expertsFrom)
  return {
    mode: modeOf(terms, set, start, expertsFrom),
    backend: set.backend,
    set,
    shares,
    start,
    expertsFrom,
  }
}

function modeOf(terms: PlanTerms, set: DeviceSet, start: number, expertsFrom: number): PlacementMode {
  if (start > 0) return 'partial'
  if (expertsFrom > 0 && between(terms.weights.expertPrefix, 0, expertsFrom) > 0) return 'experts-in-ram'
  if (set.unified) return 'unified'
  return set.devices.length > 1 ? 'multi-gpu' : 'gpu'
}

function single(terms: PlanTerms, set: DeviceSet, start: number): readonly LayerShare[] {
  return [{ device: set.devices[0]!, from: start, to: terms.weights.layers, hasOutput: true }]
}

/**
 * How full devices are packed when the rest goes to RAM anyway: `comfortable` leaves what a plan needs to count as
 * fitting well (the upper bounds of memory-bounds.ts), `brim` uses the budget to the last whole layer.
 */
export type Packing = 'comfortable' | 'brim'

/** Room for layers on the n-th device of a set. */
function roomBytes(terms: PlanTerms, set: DeviceSet, position: number, packing: Packing): number {
  const device = set.devices[position]!
  const isLast = position === set.devices.length - 1
  const several = set.devices.length > 1
  const room = device.pool.deviceBudgetBytes - deviceFixedBytes(terms, device, isLast, several)
  if (packing === 'brim') return room
  return room - 0.05 * device.pool.deviceBudgetBytes - 0.5 * deviceFixedBytes(terms, device, isLast, several)
}

/**
 * Layers split by free room, as llama.cpp splits by free memory; unequal cards get unequal shares. Where rounding to
 * whole layers overfills a card although all would fit, cards are filled one after the other from the last.
 */
function balanced(
  terms: PlanTerms,
  set: DeviceSet,
  start: number,
  expertsFrom: number,
): readonly LayerShare[] {
  const { layers, weights } = terms.weights
  const rooms = set.devices.map((_, position) => Math.max(0, roomBytes(terms, set, position, 'brim')))
  const allRoom = rooms.reduce((sum, room) => sum + room, 0)
  const needed = layerRangeBytes(terms, start, layers, expertsFrom) + weights.outputBytes
  const bounds = [start]
  let roomBefore = 0
  for (const room of rooms.slice(0, -1)) {
    roomBefore += room
    const target = allRoom > 0 ? (needed * roomBefore) / allRoom : 0
    bounds.push(nearestBound(terms, start, expertsFrom, bounds.at(-1)!, target))
  }
  bounds.push(layers)
  const overfull = rooms.some((room, position) => {
    const used = layerRangeBytes(terms, bounds[position]!, bounds[position + 1]!, expertsFrom)
    return used + (position === rooms.length - 1 ? weights.outputBytes : 0) > room
  })
  const packed = overfull ? packFromTheEnd(terms, set, expertsFrom, 'brim') : null
  const chosen = packed && packed[0]! <= start ? [start, ...packed.slice(1)] : bounds
  return set.devices.map((device, position) => ({
    device,
    from: chosen[position]!,
    to: chosen[position + 1]!,
    hasOutput: position === set.devices.length - 1,
  }))
}

/** Layer boundary whose bytes from `start` come nearest to the target. */
function nearestBound(
  terms: PlanTerms,
  start: number,
  expertsFrom: number,
  from: number,
  target: number,
): number {
  const { layers } = terms.weights
  let bound = from
  while (bound < layers && middleBytes(terms, start, expertsFrom, bound) < target) bound++
  return bound
}

function middleBytes(terms: PlanTerms, start: number, expertsFrom: number, layer: number): number {
  return (
    (layerRangeBytes(terms, start, layer, expertsFrom) +
      layerRangeBytes(terms, start, layer + 1, expertsFrom)) /
    2
  )
}

/** Room for layers of a whole set; devices that cannot even hold their own buffers have none. */
function allRoomBytes(terms: PlanTerms, set: DeviceSet, packing: Packing): number {
  let sum = 0
  for (let position = 0; position < set.devices.length; position++)
    sum += Math.max(0, roomBytes(terms, set, position, packing))
  return sum
}

/** False where the devices of a set can surely not hold everything: saves trying to lay it out. */
export function mayHoldWhole(terms: PlanTerms, set: DeviceSet): boolean {
  const { layers, weights } = terms.weights
  return layerRangeBytes(terms, 0, layers, 0) + weights.outputBytes <= allRoomBytes(terms, set, 'brim')
}

/**
 * Boundaries when devices are filled with whole layers from the last layer down: the first is the lowest layer that
 * still fits. `null` when not even the output fits on the last device.
 */
function packFromTheEnd(
  terms: PlanTerms,
  set: DeviceSet,
  expertsFrom: number,
  packing: Packing,
): number[] | null {
  const { layers, weights } = terms.weights
  const bounds = [layers]
  let layer = layers
  for (let position = set.devices.length - 1; position >= 0; position--) {
    let room =
      roomBytes(terms, set, position, packing) -
      (position === set.devices.length - 1 ? weights.outputBytes : 0)
    if (room < 0 && position === set.devices.length - 1) return null
    while (layer > 0) {
      const bytes = layerRangeBytes(terms, layer - 1, layer, expertsFrom)
      if (bytes > room) break
      room -= bytes
      layer--
    }
    bounds.unshift(layer)
  }
  return bounds
}

/** All layers and experts on the devices, whether they fit or not. */
export function layOutWhole(terms: PlanTerms, set: DeviceSet): Layout {
  return layOutOnDevices(terms, set, 0, 0)
}

/** As many layers as fit on the devices; `null` when not one does. */
export function layOutPartly(terms: PlanTerms, set: DeviceSet, packing: Packing): Layout | null {
  const bounds = packFromTheEnd(terms, set, 0, packing)
  if (bounds === null || bounds[0]! >= terms.weights.layers) return null
  return layOutOnDevices(terms, set, bounds[0]!, bounds[0]!)
}

/**
 * Attention, shared tensors and cache of all layers on the devices, routed experts of as many layers as fit too
 * (`--n-cpu-moe`); `null` for dense models or when not even the former fit.
 */
export function layOutWithExpertsInRam(terms: PlanTerms, set: DeviceSet, packing: Packing): Layout | null {
  const { layers, expertPrefix } = terms.weights
  if (expertPrefix[layers] === 0) return null
  const firm = layerRangeBytes(terms, 0, layers, layers) + terms.weights.weights.outputBytes
  if (firm > allRoomBytes(terms, set, packing)) return null
  let most = layers
  if (packFromTheEnd(terms, set, most, packing)?.[0] !== 0) return null
  let least = 0
  while (least < most) {
    const middle = (least + most) >> 1
    if (packFromTheEnd(terms, set, middle, packing)?.[0] === 0) most = middle
    else least = middle + 1
  }
  return layOutOnDevices(terms, set, 0, most)
}
