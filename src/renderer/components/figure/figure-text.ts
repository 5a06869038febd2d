import { isKnown, type Figure, type MaybeFigure } from '#core/figure/figure.ts'
import { formatFigure, formatFigureValue, formatFileSize, numberAndUnit } from '#core/figure/format-figure.ts'

/** Memory is shown in GiB, files and disks in GB. */
export type FigureKind = 'memory' | 'file'

/** A figure taken apart, so that number, unit and interval can be set in different tones. */
export interface FigureText {
  readonly number: string
  /** With its leading space; empty where the number stands alone. */
  readonly unit: string
  /** " (32–44)" where the interval is wide enough to be shown beside the value, else empty. */
  readonly interval: string
}

/** The parts of a known figure, in the words of the one formatter. */
export function figureText(figure: Figure, kind: FigureKind = 'memory'): FigureText {
  if (kind === 'file') {
    const [number = '', unit = ''] = formatFileSize(figure.value).split(' ')
    return { number, unit: ` ${unit}`, interval: '' }
  }
  const [number, unit] = numberAndUnit(figure.value, figure.unit)
  return { number, unit, interval: formatFigure(figure).slice(formatFigureValue(figure).length) }
}

/** Ends of the interval with the unit, "32–44 tok/s", for the detail; null where both ends read the same. */
export function intervalText(figure: MaybeFigure): string | null {
  if (!isKnown(figure) || figure.low === undefined || figure.high === undefined) return null
  const [low] = numberAndUnit(figure.low, figure.unit)
  const [high, unit] = numberAndUnit(figure.high, figure.unit)
  return low === high ? null : `${low}–${high}${unit}`
}
