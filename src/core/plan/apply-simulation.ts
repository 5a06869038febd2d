import { loadBytes, missingBytes, type PoolLoad } from '#core/placement/layout.ts'
import { between } from '#core/placement/plan-terms.ts'
import { fitOf, planTotals, type PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import type { SimulatedMemory, Simulation } from '#core/plan/simulation.ts'

/** What a simulation has to be of to belong to a plan: the layers as they were laid out, not as they were asked for. */
export function simulationKey(request: PlanRequest, numbers: PlanNumbers): string {
  const { candidate } = numbers
  return [
    request.model.id,
    request.quantization.id,
    request.contextTokens,
    request.users,
    request.kvType,
    request.flashAttention ?? true,
    candidate.layout.backend,
    gpuLayersOf(numbers),
  ].join('|')
}

/** The key of the plan a simulation was made for. */
export function keyOfSimulation(simulation: Simulation): string {
  const { modelId, quantizationId, contextTokens, users, kvType, flashAttention, backend, gpuLayers } =
    simulation
  return [modelId, quantizationId, contextTokens, users, kvType, flashAttention, backend, gpuLayers].join('|')
}

/** Layers on accelerators, as --n-gpu-layers counts. */
export function gpuLayersOf({ candidate, terms }: PlanNumbers): number {
  const { shares, start } = candidate.layout
  return shares.length === 0 ? 0 : terms.weights.layers + 1 - start
}

/**
 * The same plan with llama.cpp's own bytes for weights, cache and compute buffers; what it does not account for (runtime,
 * process, repacking) stays estimated. It knows host and device memory only: of several accelerators each keeps its
 * estimated shares of the sums of weights and of context, which are exact. The cache's cells are exact in the estimate, so
 * the rest of what a context takes is its compute buffers.
 */
export function applySimulation(numbers: PlanNumbers, simulation: Simulation): PlanNumbers {
  const { terms, candidate } = numbers
  const devices = candidate.loads.filter((load) => load.deviceBytes > 0)
  const allWeights = devices.reduce((sum, load) => sum + load.weightsBytes, 0)
  const allContext = devices.reduce((sum, load) => sum + contextBytesOf(load), 0)
  const hostIndex = terms.machine.ramIndex
  const loads = candidate.loads.map((load) => {
    const isDevice = load.deviceBytes > 0
    const contextShare = isDevice ? contextBytesOf(load) / allContext : 0
    const device: SimulatedMemory | null = isDevice
      ? {
          weightsBytes: (simulation.device.weightsBytes * load.weightsBytes) / allWeights,
          contextBytes: simulation.device.contextBytes * contextShare,
        }
      : null
    const parts: SimulatedMemory[] = device === null ? [] : [device]
    if (load.poolIndex === hostIndex) parts.push(simulation.host)
    return withParts(load, parts, stateBytesOf(numbers, load, contextShare), device)
  })
  const lacking = Math.max(...loads.map((load) => missingBytes(terms, load)))
  const exact = { ...candidate, loads, missingBytes: lacking }
  return {
    ...numbers,
    ...planTotals(terms, exact),
    candidate: exact,
    fit: fitOf(terms, loads),
    simulation,
  }
}

/** What a context takes of a load, recurrent state aside. */
function contextBytesOf(load: PoolLoad): number {
  return load.kvCacheBytes + load.computeBytes
}

/** Recurrent state in a load: of the layers in RAM, or the load's share of those on accelerators. */
function stateBytesOf({ terms, candidate }: PlanNumbers, load: PoolLoad, ofDevice: number): number {
  const { start } = candidate.layout
  const { statePrefix } = terms.sequence
  const host = load.poolIndex === terms.machine.ramIndex ? between(statePrefix, 0, start) : 0
  return host + ofDevice * between(statePrefix, start, terms.weights.layers)
}

function withParts(
  load: PoolLoad,
  parts: readonly SimulatedMemory[],
  stateBytes: number,
  device: SimulatedMemory | null,
): PoolLoad {
  const weightsBytes = parts.reduce((sum, part) => sum + part.weightsBytes, 0)
  const contextBytes = parts.reduce((sum, part) => sum + part.contextBytes, 0)
  const computeBytes = Math.max(0, contextBytes - load.kvCacheBytes - stateBytes)
  const exact = { ...load, weightsBytes, computeBytes, simulated: true }
  const change = loadBytes(exact) - loadBytes(load)
  return {
    ...exact,
    deviceBytes:
      device === null ? load.deviceBytes : Math.min(loadBytes(exact), Math.max(0, load.deviceBytes + change)),
  }
}
