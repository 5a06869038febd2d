/** How fast bytes arrive, and when the rest will have. */
export interface SpeedMeter {
  /** `atSeconds` on any clock that only goes forward. */
  readonly add: (doneBytes: number, atSeconds: number) => void
  /** Null while it cannot be told. */
  readonly bytesPerSecond: (atSeconds: number) => number | null
}

/** Long enough that a burst does not make the figure jump, short enough that it follows a line that got slower. */
const WINDOW_SECONDS = 8
/** Sooner it is the buffers that are measured. */
const LEAST_SECONDS = 1

/** Mean over the last seconds, until the moment it is asked: a transfer that has stopped slows down to nothing. */
export function speedMeter(): SpeedMeter {
  let samples: { readonly bytes: number; readonly at: number }[] = []
  return {
    add(bytes, at) {
      const last = samples.at(-1)
      // A restart from zero is no negative speed.
      if (last !== undefined && bytes < last.bytes) samples = []
      // More than some samples a second tell nothing.
      const beforeLast = samples.at(-2)
      if (beforeLast !== undefined && at - beforeLast.at < 0.1) samples.pop()
      samples.push({ bytes, at })
      while ((samples[1]?.at ?? at) <= at - WINDOW_SECONDS) samples.shift()
    },
    bytesPerSecond(at) {
      const [first] = samples
      const last = samples.at(-1)
      if (first === undefined || last === undefined || at - first.at < LEAST_SECONDS) return null
      return (last.bytes - first.bytes) / (at - first.at)
    },
  }
}
