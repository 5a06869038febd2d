import { InhouseError } from '#contract/inhouse-error.ts'

/**
 * Runs work that calls back as a stream of everything it says, in order, ending in its result. A reader that leaves in
 * the middle calls the work off; the stream has ended only when the work has, with all it had to clean up.
 */
export async function* streamWork<Update, Result>(
  signal: AbortSignal,
  work: (signal: AbortSignal, say: (update: Update) => void) => Promise<Result>,
): AsyncGenerator<Update, Result> {
  const leaving = new AbortController()
  const queue = updateQueue<Update>()
  const running = work(AbortSignal.any([signal, leaving.signal]), (update) => queue.push(update))
  try {
    yield* queue.until(running)
    return await running
  } finally {
    leaving.abort(cancelledError())
    await running.catch(() => undefined)
  }
}

/** A run that somebody called off. */
export function cancelledError(): InhouseError {
  return new InhouseError({
    code: 'MEASURE_CANCELLED',
    message: 'The measurement was cancelled; its files are removed.',
    nextStep: 'Start it again whenever you like.',
  })
}

function updateQueue<Value>() {
  let waiting: Value[] = []
  let wake = (): void => undefined
  return {
    push(value: Value) {
      waiting.push(value)
      wake()
    },
    /** Yields until `finished` settles and nothing is left. */
    async *until(finished: Promise<unknown>): AsyncGenerator<Value, void> {
      let isFinished = false
      const settled = finished.then(
        () => (isFinished = true),
        () => (isFinished = true),
      )
      for (;;) {
        const ready = waiting
        waiting = []
        yield* ready
        if (ready.length > 0) continue
        if (isFinished) return
        await Promise.race([settled, new Promise<void>((resolve) => (wake = resolve))])
      }
    },
  }
}
