import type { MemoryParts, PlanEvaluation, PoolUse } from '#core/plan/plan.ts'

/** Where the bytes go, as `--json` prints it. */
export function memoryJson(memory: MemoryParts) {
  return {
    weights: memory.weights,
    kvCache: memory.kvCache,
    compute: memory.compute,
    overhead: memory.overhead,
    total: memory.total,
    budget: memory.budget,
  }
}

/** What a plan says, as recommendations and plans print it. */
export function planJson(plan: PlanEvaluation) {
  return {
    quantization: plan.quantizationId,
    contextTokens: plan.contextTokens,
    users: plan.users,
    engine: plan.engine,
    kvType: plan.kvType,
    depthTokens: plan.depthTokens,
    placement: {
      mode: plan.placement.mode,
      backend: plan.placement.backend,
      gpuLayers: plan.placement.gpuLayers,
      totalLayers: plan.placement.totalLayers,
      acceleratorIndices: plan.placement.acceleratorIndices,
    },
    fileBytes: plan.fileBytes,
    memory: memoryJson(plan.memory),
    fit: plan.fit,
    missingBytes: plan.missingBytes,
    decode: plan.decode,
    prefill: plan.prefill,
    throughput: plan.throughput,
    timeToFirstToken: plan.timeToFirstToken,
    notes: plan.notes,
  }
}

/** What lies in one pool. */
export function poolJson(use: PoolUse) {
  return {
    pool: use.pool,
    label: use.label,
    layers: use.layers,
    memory: memoryJson(use.memory),
    reserveBytes: use.reserveBytes,
    capacityBytes: use.capacityBytes,
    fit: use.fit,
  }
}
