import { randomUUID } from 'node:crypto'
import { previewDryRun } from '#backend/llama/dry-run-limits.ts'
import { dryRunProgress } from '#backend/llama/dry-run-progress.ts'
import type { RunResult } from '#backend/llama/engine-job.ts'
import { readEngineVersions } from '#backend/llama/engine-versions.ts'
import { contextOptionsOf, loadOptionsOf } from '#backend/llama/load-options.ts'
import { runDryRun, type FileRun } from '#backend/llama/run-dry-run.ts'
import { streamWork } from '#backend/llama/stream-work.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { MeasureUpdate } from '#contract/measuring.ts'
import { describeMachine } from '#core/machine/describe-machine.ts'
import type { Machine } from '#core/machine/machine.ts'
import { attentionStandIn, STAND_IN_LAYERS } from '#core/measure/attention-stand-in.ts'
import type { DryRunPlan } from '#core/measure/dry-run-plan.ts'
import { dryRunResults } from '#core/measure/dry-run-results.ts'
import { deepenDryRun } from '#core/measure/plan-dry-run.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import type { MeasuredEngine, MeasuredMemory, Measurement, DryRunMethod } from '#core/measure/measurement.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import type { Quantization } from '#core/quant/quantization.ts'

/** A dry run that may start. */
export interface MeasurePlanOptions {
  readonly request: PlanRequest
  readonly numbers: PlanNumbers
  readonly plan: DryRunPlan
  readonly method: DryRunMethod
  readonly streams: readonly number[]
  readonly force: boolean
  /** Format of the attention's stand-in: weights that need no unpacking. */
  readonly standInQuantization: Quantization
  readonly root: string
  readonly userFolder: string
  readonly signal: AbortSignal
}

/** Runs a plan without its weights and answers what it took. */
export async function* measurePlan(options: MeasurePlanOptions): AsyncGenerator<MeasureUpdate, Measurement> {
  const { request, numbers, plan, root, userFolder, signal } = options
  const preview = await previewDryRun(request, numbers, plan, userFolder)
  if (preview.refusal !== null && !(options.force && preview.refusal.canForce)) throw refused(preview.refusal)
  const startedAt = performance.now()
  const course = dryRunCourse(options)
  const results = yield* streamWork<MeasureUpdate, readonly RunResult[]>(signal, (until, say) =>
    runDryRun(course.nextRun, {
      root,
      userFolder,
      sparse: preview.sparse,
      signal: until,
      onUpdate: (file, update) => say(course.progress(file, update)),
    }),
  )
  const tookSeconds = (performance.now() - startedAt) / 1000
  return measurementOf({ ...options, plan: course.plan() }, results, tookSeconds)
}

/** The plan as it goes along: when the first of two depths has run, the second is chosen by how long that took. */
function dryRunCourse(options: MeasurePlanOptions) {
  const { request, numbers, streams } = options
  let { plan } = options
  const progress = dryRunProgress(() => plan, request.model.architecture.layers)
  return {
    plan: () => plan,
    progress,
    nextRun: (results: readonly RunResult[]): FileRun | null => {
      if (results.length === 1) {
        const wish = { method: options.method, streams }
        plan = deepenDryRun(plan, paceOf(plan, results[0]!), { request, numbers, wish })
      }
      return fileRun({ ...options, plan }, results.length)
    },
  }
}

/** How many times what was expected the first file took. */
function paceOf({ files }: DryRunPlan, { loadSeconds, seconds }: RunResult): number {
  const [file] = files
  const steps = file!.contexts.flatMap((context) => context.steps)
  const expected = file!.loadSeconds + steps.reduce((sum, step) => sum + step.expectedSeconds, 0)
  return (loadSeconds + seconds.flat(2).reduce((sum, each) => sum + each, 0)) / expected
}

function refused({
  message,
  nextStep,
}: {
  readonly message: string
  readonly nextStep: string
}): InhouseError {
  return new InhouseError({ code: 'MEASURE_REFUSED', message, nextStep })
}

function fileRun(
  { request, numbers, plan, standInQuantization }: MeasurePlanOptions,
  index: number,
): FileRun | null {
  const file = plan.files[index]
  if (file === undefined) return null
  const load = loadOptionsOf(request, numbers)
  const { kvType, flashAttention } = contextOptionsOf(request)
  const whole = load.gpuLayers > 0 && load.gpuLayers === request.model.architecture.layers + 1
  const isModel = file.of === 'model'
  const layers = isModel ? (file.layers?.length ?? request.model.architecture.layers) : STAND_IN_LAYERS
  return {
    model: isModel ? request.model : attentionStandIn(request.model)!,
    quantization: isModel ? request.quantization : standInQuantization,
    file,
    load: { ...load, gpuLayers: whole ? layers + 1 : load.gpuLayers },
    kvType,
    flashAttention,
  }
}

async function measurementOf(
  options: MeasurePlanOptions,
  results: readonly RunResult[],
  tookSeconds: number,
): Promise<Measurement> {
  const { request, numbers, plan, method } = options
  const load = loadOptionsOf(request, numbers)
  const { contextTokens, kvType, flashAttention } = contextOptionsOf(request)
  const speeds = dryRunResults(
    plan,
    results.map((result) => result.seconds),
    { request, numbers },
  )
  return {
    schema: 'inhouse/measurement/1',
    ...(await provenance(request.machine, load.backend, load.threads, results[0]!.release)),
    method,
    plan: {
      modelId: request.model.id,
      quantizationId: request.quantization.id,
      contextTokens,
      users: request.users,
      kvType,
      flashAttention,
      mode: numbers.candidate.layout.mode,
      gpuLayers: load.gpuLayers,
    },
    ...speeds,
    memory: method === 'full' ? memoryOf(results[0]!) : null,
    othersBusyProcessors: mostOthersBusy(results),
    tookSeconds,
  }
}

/** Who measured what, where and when. */
export async function provenance(
  machine: Machine,
  backend: MeasuredEngine['backend'],
  threads: number,
  release: string,
): Promise<Pick<Measurement, 'id' | 'measuredAt' | 'machine' | 'machineName' | 'engine'>> {
  const { nodeLlamaCppVersion } = await readEngineVersions()
  return {
    id: randomUUID(),
    measuredAt: new Date().toISOString(),
    machine: machineFingerprint(machine),
    machineName: describeMachine(machine),
    engine: {
      name: 'llama.cpp',
      release,
      nodeLlamaCpp: nodeLlamaCppVersion ?? 'unknown',
      backend,
      threads,
    },
  }
}

/** Of the files, the one that was disturbed most: each has a part in the answer. */
export function mostOthersBusy(results: readonly RunResult[]): number | null {
  const known = results.flatMap(({ othersBusyProcessors }) => othersBusyProcessors ?? [])
  return known.length === 0 ? null : Math.max(...known)
}

/** What the process took besides what it held before the model. */
function memoryOf({ before, peak, buffers, acceleratorBytes }: RunResult): MeasuredMemory {
  const beyond = (now: number | null, then: number | null) =>
    now === null || then === null ? null : Math.max(0, now - then)
  return {
    residentBytes: peak.residentBytes,
    mappedBytes: beyond(peak.mappedBytes, before.mappedBytes),
    anonymousBytes: beyond(peak.anonymousBytes, before.anonymousBytes),
    baselineBytes: before.residentBytes,
    acceleratorBytes,
    buffers,
  }
}
