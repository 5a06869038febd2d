import { fork, type ChildProcess } from 'node:child_process'
import type {
  EngineJob,
  EngineMessage,
  EngineRequest,
  EngineResults,
  EngineUpdate,
  EngineUpdates,
} from '#backend/llama/engine-job.ts'
import type { RunMemory } from '#core/chat/generation.ts'
import { crashError, engineError, hungError } from '#backend/llama/engine-error.ts'

/** How the parent follows a job. */
export interface JobOptions<Update extends EngineUpdate = EngineUpdate> {
  readonly onUpdate?: (update: Update) => void
  /** Ends the process, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Asks the job to end with what it has; the process goes on. */
  readonly stop?: AbortSignal | undefined
  /** Seconds without a sign of work after which the process counts as hung; a step may raise it. */
  readonly patienceSeconds: number
}

/** The process that runs llama.cpp. It dies with this one, and may die before. */
export interface EngineProcess {
  run<Job extends EngineJob>(
    job: Job,
    options: JobOptions<EngineUpdates[Job['kind']]>,
  ): Promise<EngineResults[Job['kind']]>
  readonly alive: boolean
  readonly pid: number | undefined
  /** What it held a second ago at most; null while no model is open in it. */
  readonly memory: RunMemory | null
  stop(): void
}

/** A step may take this many times what was expected of it before it counts as hung. */
const STEP_PATIENCE = 12
/** The worker's event loop says every second that it turns; on a swapping machine it may stutter. */
const MOST_SECONDS_UNHEARD = 45
/** End of what the process wrote to stderr: where llama.cpp's assertions go. */
const STDERR_TAIL_CHARACTERS = 4000

/** Starts the worker. Nothing of our own environment's Node options reaches it. */
export function startEngineProcess(workerFile: string): EngineProcess {
  const child = fork(workerFile, [], {
    serialization: 'advanced',
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  // Each job that is followed listens.
  child.setMaxListeners(0)
  const stderr = tailOf(child)
  let nextJob = 1
  let memory: RunMemory | null = null
  child.on('message', (message: EngineMessage) => {
    if (message.kind === 'alive') memory = message.memory
  })
  const run = (work: EngineJob, options: JobOptions) =>
    followJob(child, { job: nextJob++, work }, options, stderr)
  return {
    // The kind of the answer and of what is said on the way follows the job's.
    run: run as EngineProcess['run'],
    get memory() {
      return memory
    },
    get pid() {
      return child.pid
    },
    get alive() {
      return child.connected && child.exitCode === null && child.signalCode === null
    },
    stop: () => stopGently(child),
  }
}

/** Native code in the middle of its work does not hear; it gets this long. */
const GENTLE_STOP_MS = 2000

/** The worker ends by itself when its channel closes, and so keeps what Node compiled for the next start. */
function stopGently(child: ChildProcess): void {
  if (child.connected) child.disconnect()
  setTimeout(() => child.kill('SIGKILL'), GENTLE_STOP_MS).unref()
}

function tailOf(child: ChildProcess): () => string {
  let tail = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL_CHARACTERS)
  })
  return () => tail
}

function followJob(
  child: ChildProcess,
  request: { readonly job: number; readonly work: EngineJob },
  options: JobOptions,
  stderr: () => string,
): Promise<EngineResults[EngineJob['kind']]> {
  const stops: (() => void)[] = []
  const send = (message: EngineRequest, onError: (error: Error) => void) =>
    child.send(message, (error) => error !== null && onError(error))
  const answer = new Promise<EngineResults[EngineJob['kind']]>((resolve, reject) => {
    const fail = (error: Error) => {
      child.kill('SIGKILL')
      reject(error)
    }
    const watchdog = startWatchdog(options.patienceSeconds, (silence) => fail(hungError(silence)))
    const onMessage = (message: EngineMessage) => {
      if (message.kind === 'alive') return watchdog.heard()
      // The work of others goes on: this job may wait for it.
      if (message.job !== request.job) return watchdog.progressed()
      if (message.kind === 'done') resolve(message.result)
      else if (message.kind === 'failed') reject(engineError(message.failure))
      else {
        watchdog.progressed()
        if (message.update.kind === 'step') watchdog.expect(message.update.expectedSeconds)
        options.onUpdate?.(message.update)
      }
    }
    const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
      reject(crashError({ code, signal, stderr: stderr() }))
    const onError = (error: Error) => reject(crashError({ code: null, signal: null, stderr: String(error) }))
    const onAbort = () => fail(options.signal?.reason as Error)
    const onStop = () => {
      if (child.connected) send({ job: request.job, kind: 'stop' }, onError)
    }
    child.on('message', onMessage).once('exit', onExit).once('error', onError)
    options.signal?.addEventListener('abort', onAbort, { once: true })
    options.stop?.addEventListener('abort', onStop, { once: true })
    stops.push(watchdog.stop, () => {
      child.off('message', onMessage).off('exit', onExit).off('error', onError)
      options.signal?.removeEventListener('abort', onAbort)
      options.stop?.removeEventListener('abort', onStop)
    })
    if (options.signal?.aborted) onAbort()
    else if (child.exitCode !== null || child.signalCode !== null) onExit(child.exitCode, child.signalCode)
    else {
      send({ ...request, kind: 'start' }, onError)
      if (options.stop?.aborted) onStop()
    }
  })
  return answer.finally(() => {
    for (const stop of stops) stop()
  })
}

interface Watchdog {
  readonly heard: () => void
  readonly progressed: () => void
  /** A step began that should take so long. */
  readonly expect: (seconds: number) => void
  readonly stop: () => void
}

/** Rarely enough that looking does not take a processor from the work that is looked at. */
function checkMs(patienceSeconds: number): number {
  return Math.min(1000, patienceSeconds * 250)
}

/** Two clocks: the event loop of the worker must turn, and the work itself must go on. */
function startWatchdog(patienceSeconds: number, onSilence: (seconds: number) => void): Watchdog {
  let patience = patienceSeconds
  let heardAt = performance.now()
  let progressedAt = heardAt
  const check = setInterval(() => {
    const now = performance.now()
    const unheard = (now - heardAt) / 1000
    const idle = (now - progressedAt) / 1000
    if (unheard > Math.max(MOST_SECONDS_UNHEARD, patienceSeconds)) onSilence(unheard)
    else if (idle > patience) onSilence(idle)
  }, checkMs(patienceSeconds))
  return {
    heard: () => {
      heardAt = performance.now()
    },
    progressed: () => {
      heardAt = progressedAt = performance.now()
    },
    expect: (seconds) => {
      patience = Math.max(patienceSeconds, STEP_PATIENCE * seconds)
    },
    stop: () => clearInterval(check),
  }
}
