import { previewDryRun } from '#backend/llama/dry-run-limits.ts'
import { removeLeftovers } from '#backend/llama/dry-run-folder.ts'
import { startEngineProcess, type EngineProcess } from '#backend/llama/engine-process.ts'
import { engineWorkerFile } from '#backend/llama/engine-worker-file.ts'
import { measureMachine } from '#backend/llama/measure-machine.ts'
import { measurePlan } from '#backend/llama/measure-plan.ts'
import { checkRunnable } from '#backend/llama/check-runnable.ts'
import { cancelledError } from '#backend/llama/stream-work.ts'
import { simulatePlan } from '#backend/llama/simulate-plan.ts'
import { simulationCache } from '#backend/llama/simulation-cache.ts'
import type { AppFolders } from '#backend/store/app-folders.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { MachineSpeedUpdate, MeasurePreview, MeasureUpdate } from '#contract/measuring.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { MachineSpeed, Measurement, DryRunMethod } from '#core/measure/measurement.ts'
import { planDryRun } from '#core/measure/plan-dry-run.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import type { Simulation } from '#core/plan/simulation.ts'

/** A dry run as asked for. */
export interface MeasureJob {
  readonly request: PlanRequest
  readonly catalogue: Catalogue
  readonly method: DryRunMethod
  /** Sequences decoded at once, besides one. */
  readonly streams: readonly number[]
  /** Run although it would fill the memory. */
  readonly force: boolean
}

/** Exact memory and real speed of plans on this machine, without their weights. */
export interface Measuring {
  simulate(request: PlanRequest, catalogue: Catalogue, signal?: AbortSignal): Promise<Simulation>
  preview(job: MeasureJob): Promise<MeasurePreview>
  /** Leaving the stream cancels the run; its process and files are gone when the stream has ended. */
  run(job: MeasureJob, signal?: AbortSignal): AsyncGenerator<MeasureUpdate, Measurement>
  measureMachine(
    machine: Machine,
    catalogue: Catalogue,
    signal?: AbortSignal,
  ): AsyncGenerator<MachineSpeedUpdate, MachineSpeed>
  /** Starts the engine's process ahead of the first simulation. */
  warmUp(): void
  /** Ends every process it started. */
  close(): void
}

/** An idle engine holds some 200 MB; the next slider move comes within seconds or not at all. */
const IDLE_ENGINE_MS = 20_000

/** Measuring for one host. What earlier runs left behind is removed now. */
export function createMeasuring(folders: Pick<AppFolders, 'root' | 'userFolder'>): Measuring {
  const { root, userFolder } = folders
  const closing = new AbortController()
  const cache = simulationCache(userFolder)
  const idle = idleEngine(() => startEngineProcess(engineWorkerFile(root)))
  let isBusy = false
  void removeLeftovers(userFolder)

  async function* alone<Update, Result>(
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => AsyncGenerator<Update, Result>,
  ): AsyncGenerator<Update, Result> {
    if (isBusy) throw busy()
    isBusy = true
    const running = start(signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]))
    try {
      return yield* running
    } finally {
      isBusy = false
    }
  }

  return {
    simulate: (request, catalogue, signal) =>
      idle.use((engine) =>
        simulatePlan(request, planNumbers(request, catalogue.speedModel), {
          userFolder,
          engine,
          cache,
          signal,
        }),
      ),
    preview: async ({ request, catalogue, method, streams }) => {
      const numbers = planNumbers(request, catalogue.speedModel)
      checkRunnable(request, numbers)
      return previewDryRun(request, numbers, planDryRun(request, numbers, { method, streams }), userFolder)
    },
    run: (job, signal) => alone(signal, (until) => runJob(job, folders, until)),
    measureMachine: (machine, catalogue, signal) =>
      alone(signal, (until) => measureMachine({ machine, catalogue, root, userFolder, signal: until })),
    warmUp: () => idle.warmUp(),
    close: () => {
      closing.abort(cancelledError())
      idle.close()
    },
  }
}

async function* runJob(
  { request, catalogue, method, streams, force }: MeasureJob,
  { root, userFolder }: Pick<AppFolders, 'root' | 'userFolder'>,
  signal: AbortSignal,
): AsyncGenerator<MeasureUpdate, Measurement> {
  const numbers = planNumbers(request, catalogue.speedModel)
  checkRunnable(request, numbers)
  const plan = planDryRun(request, numbers, { method, streams })
  const standInQuantization = catalogue.quantizations.find(({ id }) => id === 'F16')!
  return yield* measurePlan({
    request,
    numbers,
    plan,
    method,
    streams,
    force,
    standInQuantization,
    root,
    userFolder,
    signal,
  })
}

function busy(): InhouseError {
  return new InhouseError({
    code: 'MEASURE_BUSY',
    message: 'Another measurement is running; two would disturb each other.',
    nextStep: 'Wait until it is done, or cancel it.',
  })
}

/** One engine that is started when it is needed and ended when nobody has needed it for a while. */
function idleEngine(start: () => EngineProcess) {
  let engine: EngineProcess | null = null
  let users = 0
  let timer: NodeJS.Timeout | null = null
  const get = () => {
    if (engine === null || !engine.alive) engine = start()
    return engine
  }
  const stop = () => {
    engine?.stop()
    engine = null
  }
  return {
    async use<T>(work: (engine: () => EngineProcess) => Promise<T>): Promise<T> {
      if (timer !== null) clearTimeout(timer)
      users++
      try {
        return await work(get)
      } finally {
        users--
        if (users === 0) timer = setTimeout(stop, IDLE_ENGINE_MS).unref()
      }
    },
    warmUp: () => void get(),
    close: stop,
  }
}
