import { quantile } from '#core/measure/quantile.ts'

/** Median of a non-empty list. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
