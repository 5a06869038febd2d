/** Stops of the sliders: powers of two where memory is concerned, round numbers where people are. */
export const CONTEXT_STEPS = [2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072, 262_144] as const
export const USER_STEPS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64] as const
export const SPEED_STEPS = [0, 2, 5, 10, 15, 20, 30, 40, 60, 80, 100] as const

/** The largest values the settings accept: beyond any model and any single machine, so a typing error. */
export const MOST_TOKENS = 100_000_000
export const MOST_USERS = 100_000

/** Index of the stop closest to a value, by ratio, so that 7,000 is nearer to 8,192 than to 4,096. */
export function nearestStep(steps: readonly number[], value: number): number {
  let best = 0
  let bestDistance = Number.POSITIVE_INFINITY
  for (const [index, step] of steps.entries()) {
    const distance = Math.abs(Math.log((step + 1) / (value + 1)))
    if (distance < bestDistance) {
      best = index
      bestDistance = distance
    }
  }
  return best
}
