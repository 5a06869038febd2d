import { isKnown } from '#core/figure/figure.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import { formatInterval } from '#core/figure/format-figure.ts'
import { figureValueText } from './figure-text.ts'
import { plainText } from './plain-text.ts'

/** One line under --explain: the figure, how it is known, its interval and its source. */
export function explainFigure(name: string, figure: MaybeFigure): string {
  if (!isKnown(figure)) return `${name}: not known, because ${plainText(figure.reason)}`
  const interval = formatInterval(figure)
  const parts = [
    figure.basis,
    ...(interval === null ? [] : [`interval ${interval}`]),
    `source: ${plainText(figure.source)}`,
    ...(figure.asOf === undefined ? [] : [`as of ${figure.asOf}`]),
  ]
  return `${name}: ${figureValueText(figure)} · ${parts.join(' · ')}`
}
