import type { CliContext } from './cli-context.ts'

/** More often nobody reads it. */
const UPDATE_MILLISECONDS = 100

/** Runs a stream to its result; who watches a terminal sees on one line how far it is. */
export async function followProgress<Update, Result>(
  stream: AsyncGenerator<Update, Result>,
  { showProgress }: CliContext,
  textOf: (update: Update) => string,
): Promise<Result> {
  let shownAt = Number.NEGATIVE_INFINITY
  try {
    for (;;) {
      const step = await stream.next()
      if (step.done === true) return step.value
      if (showProgress === null || performance.now() - shownAt < UPDATE_MILLISECONDS) continue
      showProgress(textOf(step.value))
      shownAt = performance.now()
    }
  } finally {
    showProgress?.(null)
  }
}
