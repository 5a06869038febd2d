import { setTimeout as sleep } from 'node:timers/promises'
import type { InhouseError } from '#contract/inhouse-error.ts'
import type { DownloadLimits } from '#backend/download/limits.ts'
import { RemoteFault } from '#backend/download/remote-fault.ts'

export interface RetryOptions {
  readonly limits: DownloadLimits
  readonly signal: AbortSignal
  /** Told before each wait what it waits for, and null when work goes on well. */
  readonly onTrouble: (failure: InhouseError | null) => void
  /** Whether the last try brought anything: then the count starts again. */
  readonly madeProgress?: () => boolean
}

/** Does the work again while its faults may pass, with growing pauses; ends in the `InhouseError` of the last fault. */
export async function withRetries<Result>(
  work: () => Promise<Result>,
  { limits, madeProgress = () => false, onTrouble, signal }: RetryOptions,
): Promise<Result> {
  let failures = 0
  for (;;) {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof RemoteFault)) throw error
      if (madeProgress()) failures = 0
      const waitSeconds = error.waitSeconds ?? limits.retryDelaySeconds(failures)
      if (!error.canRetry || failures >= limits.retries || waitSeconds > limits.longestWaitSeconds) {
        throw error.failure
      }
      failures += 1
      onTrouble(error.failure)
      await sleep(waitSeconds * 1000, undefined, { signal })
    }
  }
}
