import { rm } from 'node:fs/promises'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { checkRunnable } from '#backend/llama/check-runnable.ts'
import { newDryRunFile } from '#backend/llama/dry-run-folder.ts'
import type { EngineProcess } from '#backend/llama/engine-process.ts'
import { contextOptionsOf, loadOptionsOf } from '#backend/llama/load-options.ts'
import type { SimulationCache } from '#backend/llama/simulation-cache.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import { simulationKey } from '#core/plan/apply-simulation.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import type { Simulation } from '#core/plan/simulation.ts'

/** An answer takes a second; on a machine that swaps, many. Beyond this the process hangs. */
const PATIENCE_SECONDS = 60

/** Where simulations happen and are kept. */
export interface SimulatePlanOptions {
  readonly userFolder: string
  /** The warm process, or a new one. */
  readonly engine: () => EngineProcess
  readonly cache: SimulationCache
  readonly signal?: AbortSignal | undefined
}

/** Asks llama.cpp's allocator about a plan; its file has a header and a hole and is gone when the answer comes. */
export async function simulatePlan(
  request: PlanRequest,
  numbers: PlanNumbers,
  { userFolder, engine, cache, signal }: SimulatePlanOptions,
): Promise<Simulation> {
  checkRunnable(request, numbers)
  // All that the answer follows from, but for the engine's version, which the cache adds.
  const key = [
    simulationKey(request, numbers),
    JSON.stringify(request.model.architecture),
    machineFingerprint(request.machine),
  ].join('|')
  const known = await cache.get(key)
  if (known !== null) return { ...known, seconds: 0 }
  const startedAt = performance.now()
  // Started before the file is written: both take their time.
  const process = engine()
  const path = await newDryRunFile(userFolder)
  try {
    const { model, quantization } = request
    await writeModelFile({
      model,
      quantization,
      path,
      fill: 'sparse',
      vocabulary: 'none',
      ...(signal && { signal }),
    })
    const load = { path, ...loadOptionsOf(request, numbers) }
    const context = contextOptionsOf(request)
    const answer = await process.run(
      { kind: 'simulate', load, context },
      { patienceSeconds: PATIENCE_SECONDS, signal },
    )
    const simulation: Simulation = {
      modelId: model.id,
      quantizationId: quantization.id,
      contextTokens: request.contextTokens,
      users: request.users,
      kvType: request.kvType,
      flashAttention: context.flashAttention,
      backend: load.backend,
      gpuLayers: load.gpuLayers,
      host: answer.host,
      device: answer.device,
      engineRelease: answer.release,
      seconds: (performance.now() - startedAt) / 1000,
    }
    await cache.put(key, simulation)
    return simulation
  } finally {
    await rm(path, { force: true })
  }
}
