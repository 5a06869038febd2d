import { isKnown, type MaybeFigure } from '#core/figure/figure.ts'
import { formatNumber } from '#core/figure/format-figure.ts'

/** How far an estimate was from what was measured, as a share of the measured; null where either is not known. */
export function estimateError(estimated: MaybeFigure, measured: MaybeFigure): number | null {
  if (!isKnown(estimated) || !isKnown(measured) || measured.value === 0) return null
  return estimated.value / measured.value - 1
}

/** From here on people read a factor more easily than a percentage. */
const MANY_TIMES = 2

/**
 * "the estimate was 9 % low", "the estimate was right within 1 %", "the estimate was 3.4 times too high"; or the
 * prediction, of what ran as a whole.
 */
export function estimateErrorWords(error: number, what: 'estimate' | 'prediction' = 'estimate'): string {
  if (error >= MANY_TIMES) return `the ${what} was ${formatNumber(error + 1)} times too high`
  const percent = Math.round(Math.abs(error) * 100)
  if (percent === 0) return `the ${what} was right within 1 %`
  return `the ${what} was ${percent} % ${error < 0 ? 'low' : 'high'}`
}
