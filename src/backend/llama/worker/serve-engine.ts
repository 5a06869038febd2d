import { writeFileSync } from 'node:fs'
import type {
  EngineFailure,
  EngineJob,
  EngineMessage,
  EngineRequest,
  EngineResults,
  EngineUpdate,
} from '#backend/llama/engine-job.ts'
import { EngineJobError } from '#backend/llama/worker/engine-job-error.ts'
import { engineLog, type EngineLog } from '#backend/llama/worker/engine-log.ts'
import { importEngine } from '#backend/llama/worker/load-engine.ts'
import { runSteps } from '#backend/llama/worker/run-steps.ts'
import { serveChats, type ChatService } from '#backend/llama/worker/serve-chats.ts'
import { simulate } from '#backend/llama/worker/simulate.ts'

/** How often the worker says that it lives. */
const ALIVE_INTERVAL_MS = 1000
/** End of the log that goes with a failure. */
const LOG_TAIL_LINES = 40

/**
 * Serves engine jobs over the channel to the parent process until the parent is gone: dry runs one after the other, chats
 * of several windows side by side. Runs in a process of its own: a crash or an exhausted memory in llama.cpp costs only
 * that process.
 */
export function serveEngine(): void {
  offerItselfToTheMemoryKiller()
  const log = engineLog()
  // Loaded while the parent finds out what to ask; where that fails, the job says why.
  importEngine().catch(() => undefined)
  const chats = serveChats(log)
  const stops = new Map<number, AbortController>()
  let last: Promise<void> = Promise.resolve()
  const start = (job: number, work: EngineJob) => {
    const stop = new AbortController()
    stops.set(job, stop)
    const task = { job, work, log, chats, stop: stop.signal }
    const done = isAlone(work) ? (last = last.then(() => answer(task))) : answer(task)
    void done.finally(() => stops.delete(job))
  }
  process.on('message', (request: EngineRequest) => {
    if (request.kind === 'stop') stops.get(request.job)?.abort()
    else start(request.job, request.work)
  })
  // An orderly end waits for native work to finish, which on a hung driver is never.
  process.on('disconnect', () => (stops.size > 0 ? process.kill(process.pid, 'SIGKILL') : process.exit(0)))
  setInterval(() => void sayAlive(chats), ALIVE_INTERVAL_MS).unref()
}

async function sayAlive(chats: ChatService): Promise<void> {
  send({ job: null, kind: 'alive', memory: await chats.memory() })
}

/** What times or measures must not be disturbed; what belongs to a loaded model waits for it by itself. */
function isAlone({ kind }: EngineJob): boolean {
  return kind === 'simulate' || kind === 'run' || kind === 'open'
}

interface Task {
  readonly job: number
  readonly work: EngineJob
  readonly log: EngineLog
  readonly chats: ChatService
  readonly stop: AbortSignal
}

async function answer(task: Task): Promise<void> {
  const { job, log, work } = task
  if (isAlone(work)) log.clear()
  try {
    const result = await resultOf(task)
    // Whoever opens a model is told at once what it holds.
    if (work.kind === 'open') await sayAlive(task.chats)
    send({ job, kind: 'done', result })
  } catch (error) {
    send({ job, kind: 'failed', failure: failureOf(error, log) })
  }
}

function resultOf({ chats, job, log, stop, work }: Task): Promise<EngineResults[EngineJob['kind']]> {
  const report = (update: EngineUpdate) => send({ job, kind: 'update', update })
  switch (work.kind) {
    case 'simulate':
      return simulate(work, log)
    case 'run':
      return runSteps(work, log, report)
    case 'open':
      return chats.open(work, report)
    case 'chat':
      return chats.chat(work, report, stop)
    case 'bench':
      return chats.bench(work, report, stop)
    case 'round-trip':
      return chats.roundTrip(work)
    case 'leave':
      return chats.leave(work)
  }
}

function failureOf(error: unknown, log: EngineLog): EngineFailure {
  const lines = log.lines().slice(-LOG_TAIL_LINES).join('\n')
  if (error instanceof EngineJobError) {
    const { message, nextStep, reason } = error
    return { reason, message, nextStep, log: error.log || lines }
  }
  return {
    reason: 'unexpected',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    nextStep: null,
    log: lines,
  }
}

function send(message: EngineMessage): void {
  // The parent may be gone; then `disconnect` ends this process.
  if (process.connected) process.send?.(message)
}

/** When Linux runs out of memory it should end this process, not the app or the user's editor. */
function offerItselfToTheMemoryKiller(): void {
  if (process.platform !== 'linux') return
  try {
    writeFileSync('/proc/self/oom_score_adj', '900')
  } catch {
    // Some containers forbid it; then the system chooses by size, which is most likely this process too.
  }
}
