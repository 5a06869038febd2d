import type {
  EngineJob,
  EngineResults,
  EngineUpdates,
  OpenJob,
  OpenResult,
} from '#backend/llama/engine-job.ts'
import { startEngineProcess, type EngineProcess, type JobOptions } from '#backend/llama/engine-process.ts'
import { engineWorkerFile } from '#backend/llama/engine-worker-file.ts'
import type { RunMemory } from '#core/chat/generation.ts'

/** A loaded model that several windows use; its process starts anew after it was lost. */
export interface SharedEngine {
  /** A window comes; its number names it to the process. */
  enter(): number
  /** A window goes; the last one ends the process at once. */
  leave(window: number): void
  /** Loads the model where it is not loaded; every window that waits is told how far it is. */
  opened(signal: AbortSignal | undefined, onLoading: (fraction: number) => void): Promise<OpenResult>
  /** Runs a job on the model, which is loaded again first where its process is gone. */
  run<Job extends EngineJob>(
    job: Job,
    options: JobOptions<EngineUpdates[Job['kind']]>,
  ): Promise<EngineResults[Job['kind']]>
  /** Nothing while no process runs. */
  memory(): RunMemory
  windows(): number
  isUsed(): boolean
  end(): void
}

export interface SharedEngineOptions {
  readonly root: string
  readonly job: OpenJob
  readonly onUnused: () => void
}

/** Silence while a file is loaded that means that it hangs: repacking a large one says nothing for minutes. */
const LOAD_PATIENCE_SECONDS = 600
const NOTHING: RunMemory = { residentBytes: 0, acceleratorBytes: null }

interface Loaded {
  readonly process: EngineProcess
  readonly result: Promise<OpenResult>
}

/** An engine for one model, without a process until somebody asks. */
export function sharedEngine({ job, onUnused, root }: SharedEngineOptions): SharedEngine {
  const windows = new Set<number>()
  const listeners = new Set<(fraction: number) => void>()
  let loaded: Loaded | null = null
  let nextWindow = 1

  const load = (): Loaded => {
    const process = startEngineProcess(engineWorkerFile(root))
    const result = process.run(job, {
      patienceSeconds: LOAD_PATIENCE_SECONDS,
      onUpdate: (update) => {
        if (update.kind !== 'loading') return
        for (const listener of listeners) listener(update.fraction)
      },
    })
    const starting = { process, result }
    // A model that does not load leaves no process behind.
    result.catch(() => {
      process.stop()
      if (loaded === starting) loaded = null
    })
    return starting
  }
  const current = (): Loaded => {
    if (loaded === null || !loaded.process.alive) loaded = load()
    return loaded
  }
  const end = () => {
    loaded?.process.stop()
    loaded = null
    onUnused()
  }

  return {
    enter() {
      const window = nextWindow++
      windows.add(window)
      return window
    },
    leave(window) {
      if (!windows.delete(window)) return
      if (windows.size === 0) return end()
      const process = loaded?.process
      // A process that is gone has nothing of this window left.
      if (process?.alive === true)
        process.run({ kind: 'leave', window }, { patienceSeconds: 60 }).catch(() => null)
    },
    async opened(signal, onLoading) {
      listeners.add(onLoading)
      try {
        return await untilAborted(current().result, signal)
      } finally {
        listeners.delete(onLoading)
      }
    },
    async run(work, options) {
      const { process, result } = current()
      await untilAborted(result, options.signal ?? options.stop)
      return process.run(work, options)
    },
    memory: () => loaded?.process.memory ?? NOTHING,
    windows: () => windows.size,
    isUsed: () => windows.size > 0,
    end,
  }
}

/** Stops waiting when the signal says so; what is waited for goes on for others. */
function untilAborted<Value>(value: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return value
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
