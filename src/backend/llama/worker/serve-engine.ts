import { writeFileSync } from 'node:fs'
import type { EngineFailure, EngineMessage, EngineRequest, EngineUpdate } from '#backend/llama/engine-job.ts'
import { EngineJobError } from '#backend/llama/worker/engine-job-error.ts'
import { engineLog, type EngineLog } from '#backend/llama/worker/engine-log.ts'
import { importEngine } from '#backend/llama/worker/load-engine.ts'
import { runSteps } from '#backend/llama/worker/run-steps.ts'
import { simulate } from '#backend/llama/worker/simulate.ts'

/** How often the worker says that it lives. */
const ALIVE_INTERVAL_MS = 1000
/** End of the log that goes with a failure. */
const LOG_TAIL_LINES = 40

/**
 * Serves engine jobs over the channel to the parent process, one after the other, until the parent is gone. Runs in a
 * process of its own: a crash or an exhausted memory in llama.cpp costs only that process.
 */
export function serveEngine(): void {
  offerItselfToTheMemoryKiller()
  const log = engineLog()
  // Loaded while the parent finds out what to ask; where that fails, the job says why.
  importEngine().catch(() => undefined)
  let last: Promise<void> = Promise.resolve()
  let unanswered = 0
  process.on('message', (request: EngineRequest) => {
    unanswered++
    last = last.then(() => answer(request, log)).finally(() => unanswered--)
  })
  // An orderly end waits for native work to finish, which on a hung driver is never.
  process.on('disconnect', () => (unanswered > 0 ? process.kill(process.pid, 'SIGKILL') : process.exit(0)))
  setInterval(() => send({ job: null, kind: 'alive' }), ALIVE_INTERVAL_MS).unref()
}

async function answer({ job, work }: EngineRequest, log: EngineLog): Promise<void> {
  log.clear()
  const update = (news: EngineUpdate) => send({ job, kind: 'update', update: news })
  try {
    const result = work.kind === 'simulate' ? await simulate(work, log) : await runSteps(work, log, update)
    send({ job, kind: 'done', result })
  } catch (error) {
    send({ job, kind: 'failed', failure: failureOf(error, log) })
  }
}

function failureOf(error: unknown, log: EngineLog): EngineFailure {
  const lines = log.lines().slice(-LOG_TAIL_LINES).join('\n')
  if (error instanceof EngineJobError) {
    return { reason: error.reason, message: error.message, log: error.log || lines }
  }
  return {
    reason: 'unexpected',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
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
