import type { EngineFailure } from '#backend/llama/engine-job.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

const LESS_MEMORY =
  'Choose a smaller quantization, a shorter context, fewer users or fewer layers on the GPU, or close other programs.'

/** A failure that the worker reported, for people. */
export function engineError(failure: EngineFailure): InhouseError {
  const cause = new Error(`${failure.message}\n${failure.log}`)
  switch (failure.reason) {
    case 'engine-missing':
      return new InhouseError({
        code: 'ENGINE_MISSING',
        message: failure.message,
        nextStep: 'Install Inhouse anew with its optional packages; estimates work without.',
        cause,
      })
    case 'model-rejected':
      return new InhouseError({
        code: 'MODEL_REJECTED',
        message: `${failure.message}${reasonIn(failure.log)}`,
        nextStep: 'Choose another model; this one needs another release of llama.cpp.',
        cause,
      })
    case 'out-of-memory':
      return new InhouseError({
        code: 'OUT_OF_MEMORY',
        message: failure.message,
        nextStep: LESS_MEMORY,
        cause,
      })
    case 'refused':
      return new InhouseError({
        code: 'CHAT_REFUSED',
        message: failure.message,
        nextStep: failure.nextStep ?? 'Change the settings of the conversation, and try again.',
        cause,
      })
    case 'unexpected':
      return new InhouseError({
        code: 'UNEXPECTED',
        message: 'The process that runs models met a fault of its own.',
        nextStep: 'Try again; if it happens again, run "inhouse doctor" and report what it prints.',
        cause,
      })
  }
}

/** The first line in which llama.cpp says what is wrong: "unknown model architecture: 'x'". */
function reasonIn(log: string): string {
  const found = /error loading model(?: architecture| hyperparameters| vocabulary)?: (.+)/.exec(log)?.[1]
  return found === undefined ? '' : ` It says: ${found.trim()}.`
}

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

/** A process that ended before its answer. Nobody but the system's memory killer sends SIGKILL to it. */
export function crashError({ code, signal, stderr }: ProcessEnd): InhouseError {
  const how = signal === null ? `exit code ${code ?? 'unknown'}` : signal
  if (signal === 'SIGKILL' || /bad_alloc|failed to allocate|out of memory/i.test(stderr)) {
    return new InhouseError({
      code: 'OUT_OF_MEMORY',
      message: `The process that runs models was ended (${how}), most likely because memory ran out.`,
      nextStep: LESS_MEMORY,
      cause: new Error(stderr),
    })
  }
  return new InhouseError({
    code: 'ENGINE_CRASHED',
    message: `The process that runs models crashed (${how}).`,
    nextStep:
      'Nothing else is lost. Try again; if it happens again, take fewer layers on the GPU or another backend: a driver may be at fault.',
    cause: new Error(stderr),
  })
}

/** A process that said nothing for too long and was ended. */
export function hungError(seconds: number): InhouseError {
  return new InhouseError({
    code: 'ENGINE_HUNG',
    message: `The process that runs models showed no progress for ${Math.round(seconds)} seconds and was ended.`,
    nextStep:
      'Try again; if it happens again, use less: a shorter context, fewer layers on the GPU, or a smaller model.',
  })
}
