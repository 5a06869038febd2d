import type { EngineFailure } from '#backend/llama/engine-job.ts'

/** A job that failed for a reason we know; what llama.cpp said goes with it. */
export class EngineJobError extends Error {
  readonly reason: EngineFailure['reason']
  readonly log: string
  readonly nextStep: string | null

  constructor(reason: EngineFailure['reason'], message: string, log: string, nextStep: string | null = null) {
    super(message)
    this.name = 'EngineJobError'
    this.reason = reason
    this.log = log
    this.nextStep = nextStep
  }
}
