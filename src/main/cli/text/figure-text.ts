import { isKnown } from '#core/figure/figure.ts'
import type { Basis, MaybeFigure } from '#core/figure/figure.ts'
import { formatFigure, formatFigureValue } from '#core/figure/format-figure.ts'
import { plainText } from './plain-text.ts'

/** Marks of the interface; in plain text an estimate carries "~" before the number instead of a mark behind it. */
const MARKS: Readonly<Record<Basis, string>> = {
  measured: ' ●',
  simulated: ' ◆',
  published: ' ▫',
  estimated: '',
}

/** What the marks mean, for the foot of a table. */
export const MARK_KEY = '~ estimated  ● measured  ◆ simulated  ▫ published  (how each is known: --explain)'

function marked(figure: MaybeFigure, text: string): string {
  if (!isKnown(figure)) return plainText(text)
  return `${figure.basis === 'estimated' ? '~' : ''}${text}${MARKS[figure.basis]}`
}

/** A figure for a terminal: "~38 tok/s (32–44)", "4.92 GiB ◆", "not known (why)". */
export function figureText(figure: MaybeFigure): string {
  return marked(figure, formatFigure(figure))
}

/** The same without interval and reason, for narrow cells. */
export function figureValueText(figure: MaybeFigure): string {
  return marked(figure, formatFigureValue(figure))
}
