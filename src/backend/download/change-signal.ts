/** Wakes whoever waits for something to change. */
export interface ChangeSignal {
  readonly changed: () => void
  /** Resolves at the next change, when the signal aborts, or after this time at the latest. */
  readonly next: (signal: AbortSignal, atMostMilliseconds: number | null) => Promise<void>
}

/** One for any number of readers. */
export function changeSignal(): ChangeSignal {
  const waiting = new Set<() => void>()
  return {
    changed() {
      for (const wake of waiting) wake()
    },
    next: (signal, atMostMilliseconds) =>
      new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake)
          clearTimeout(timer)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const timer = atMostMilliseconds === null ? undefined : setTimeout(wake, atMostMilliseconds)
        if (signal.aborted) return wake()
        signal.addEventListener('abort', wake)
        waiting.add(wake)
      }),
  }
}
