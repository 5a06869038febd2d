import type { MeasuredSpeed } from '#core/measure/measurement.ts'
import { quantile } from '#core/measure/quantile.ts'

/** Speed from the seconds of repetitions that handled `tokens` tokens each: the median, and the 10th and 90th percentile. */
export function measuredSpeed(seconds: readonly number[], tokens: number): MeasuredSpeed {
  return {
    tokensPerSecond: tokens / quantile(seconds, 0.5),
    lowTokensPerSecond: tokens / quantile(seconds, 0.9),
    highTokensPerSecond: tokens / quantile(seconds, 0.1),
    repetitions: seconds.length,
  }
}
