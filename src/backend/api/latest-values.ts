/** A producer that calls back, read as a stream of its newest values: a slow reader skips values, never queues them. */
export interface LatestValues<Value> {
  readonly push: (value: Value) => void
  /** Yields until `finished` settles; the caller then takes the result from the promise itself. */
  until(finished: Promise<unknown>): AsyncGenerator<Value, void>
}

export function latestValues<Value>(): LatestValues<Value> {
  let newest: { readonly value: Value } | null = null
  let wake = (): void => undefined
  return {
    push(value) {
      newest = { value }
      wake()
    },
    async *until(finished) {
      let isFinished = false
      const settled = finished.then(
        () => (isFinished = true),
        () => (isFinished = true),
      )
      for (;;) {
        if (newest !== null) {
          const { value } = newest
          newest = null
          yield value
          continue
        }
        if (isFinished) return
        await Promise.race([settled, new Promise<void>((resolve) => (wake = resolve))])
      }
    },
  }
}
