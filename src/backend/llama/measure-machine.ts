import { mostOthersBusy, provenance } from '#backend/llama/measure-plan.ts'
import type { RunResult } from '#backend/llama/engine-job.ts'
import { newDryRunFile } from '#backend/llama/dry-run-folder.ts'
import { runDryRun, type RunDryRunOptions } from '#backend/llama/run-dry-run.ts'
import { streamWork } from '#backend/llama/stream-work.ts'
import { supportsSparseFiles } from '#backend/gguf/sparse-support.ts'
import type { MachineSpeedUpdate } from '#contract/measuring.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Backend, Machine } from '#core/machine/machine.ts'
import { machineShapes, machineSpeeds } from '#core/measure/machine-shapes.ts'
import type { MachineSpeed } from '#core/measure/measurement.ts'
import { inferenceCores } from '#core/speed/host-speed.ts'
import path from 'node:path'

export interface MeasureMachineOptions {
  readonly machine: Machine
  readonly catalogue: Catalogue
  readonly root: string
  readonly userFolder: string
  readonly signal: AbortSignal
}

/** The CPU, or the first accelerator that the bundled engine can use. */
function measuredBackend(machine: Machine): Backend {
  const offered = machine.accelerators.flatMap(({ usable, backends }) => (usable ? backends : []))
  return (
    (['cuda', 'metal', 'vulkan'] as const).find(
      (backend) => offered.includes(backend) && machine.backends.includes(backend),
    ) ?? 'cpu'
  )
}

/** Times small shapes on this machine: how fast it reads weights and cache, and how fast it computes. */
export async function* measureMachine(
  options: MeasureMachineOptions,
): AsyncGenerator<MachineSpeedUpdate, MachineSpeed> {
  const { machine, catalogue, root, userFolder, signal } = options
  const startedAt = performance.now()
  const shapes = machineShapes(catalogue.models[0]!)
  const backend = measuredBackend(machine)
  const threads = inferenceCores(machine) ?? 1
  const runs = shapes.map(({ model, quantizationId, file }) => ({
    model,
    quantization: catalogue.quantizations.find(({ id }) => id === quantizationId)!,
    file,
    load: { backend, gpuLayers: backend === 'cpu' ? 0 : model.architecture.layers + 1, threads },
    kvType: 'f16' as const,
    flashAttention: true,
  }))
  const sparse = await supportsSparseFiles(path.dirname(await newDryRunFile(userFolder)))
  const results = yield* streamWork<MachineSpeedUpdate, readonly RunResult[]>(signal, (until, say) => {
    const onUpdate: RunDryRunOptions['onUpdate'] = (file, update) =>
      say({
        fraction: (file + (update.kind === 'writing' ? 0 : 0.5)) / shapes.length,
        step: shapes[file]!.step,
      })
    return runDryRun(({ length }) => runs[length] ?? null, {
      root,
      userFolder,
      sparse,
      signal: until,
      onUpdate,
    })
  })
  return {
    schema: 'inhouse/machine-speed/1',
    ...(await provenance(machine, backend, threads, results[0]!.release)),
    ...machineSpeeds(
      shapes,
      results.map((result) => result.seconds[0]!),
      catalogue.quantizations,
    ),
    othersBusyProcessors: mostOthersBusy(results),
    tookSeconds: (performance.now() - startedAt) / 1000,
  }
}
