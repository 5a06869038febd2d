import { InhouseError } from '#contract/inhouse-error.ts'

/** How a person or the system asks a process to end. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs work that has something to clean up: the first request to end aborts its signal, the second ends the process at
 * once, as it would without this.
 */
export async function untilCancelled<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const cancelling = new AbortController()
  const cancel = () => {
    cancelling.abort(cancelled())
    stop()
  }
  const stop = () => {
    for (const name of ENDING) process.off(name, cancel)
  }
  for (const name of ENDING) process.on(name, cancel)
  try {
    return await work(cancelling.signal)
  } finally {
    stop()
  }
}

function cancelled(): InhouseError {
  return new InhouseError({
    code: 'MEASURE_CANCELLED',
    message: 'Cancelled; nothing was kept.',
    nextStep: 'Start it again whenever you like.',
  })
}
