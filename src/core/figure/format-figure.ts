import { isKnown, type Figure, type FigureUnit, type MaybeFigure } from '#core/figure/figure.ts'
import { bytesToGibibytes, bytesToGigabytes } from '#core/units/units.ts'

/**
 * Numbers as people read them, the same in every sentence, table and page: three significant digits, speeds below 10
 * with one decimal, memory in GiB, files in GB, the unit always written. Free of locale, so that a machine's settings
 * never change an answer.
 */

/** An interval is shown beside its value when it reaches further than this share of it. */
const WIDE_INTERVAL_SHARE = 0.1

/** Three significant digits, thousands separated, never an exponent: 0.123, 4.56, 78.9, 1,230. */
export function formatNumber(value: number): string {
  const size = Math.abs(value)
  if (size >= 999.5) return formatCount(Number(value.toPrecision(3)))
  if (size === 0) return '0'
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(size)))
  return String(Number(value.toFixed(Math.min(decimals, 6))))
}

/** A whole number with its thousands separated: "131,072". */
export function formatCount(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** Tokens per second without its unit: one decimal below 10, whole above: "8.4", "38", "1,230". */
export function formatSpeed(tokensPerSecond: number): string {
  if (tokensPerSecond < 0.095) return formatNumber(tokensPerSecond)
  if (tokensPerSecond < 9.95) return tokensPerSecond.toFixed(1)
  return formatCount(Number(tokensPerSecond.toPrecision(3)))
}

/** Memory: "7.43 GiB". */
export function formatMemory(bytes: number): string {
  return `${formatNumber(bytesToGibibytes(bytes))} GiB`
}

/** Files and disks: "4.92 GB". */
export function formatFileSize(bytes: number): string {
  return `${formatNumber(bytesToGigabytes(bytes))} GB`
}

/** Context length as people name it: "8k", "128k", "1M", else the number: "10,000". */
export function formatContext(tokens: number): string {
  const mebi = 1024 * 1024
  if (tokens >= mebi && tokens % mebi === 0) return `${tokens / mebi}M`
  if (tokens >= 1024 && tokens % 1024 === 0) return `${tokens / 1024}k`
  return formatCount(tokens)
}

/** Parameters: "8.03B", "596M". */
export function formatParameters(parameters: number): string {
  return parameters >= 1e9 ? `${formatNumber(parameters / 1e9)}B` : `${formatNumber(parameters / 1e6)}M`
}

/** A figure with its unit, and its interval when that reaches further than 10 %: "38 tok/s (32–44)", "not known (why)". */
export function formatFigure(figure: MaybeFigure): string {
  if (!isKnown(figure)) return `not known (${figure.reason})`
  const value = formatFigureValue(figure)
  const interval = isWide(figure) ? formatInterval(figure) : null
  return interval === null ? value : `${value} (${interval})`
}

/** A figure with its unit, without its interval: "38 tok/s"; "not known" without the reason. */
export function formatFigureValue(figure: MaybeFigure): string {
  if (!isKnown(figure)) return 'not known'
  const [number, unit] = numberAndUnit(figure.value, figure.unit)
  return `${number}${unit}`
}

/** "32–44", or null where the figure has no interval. */
export function formatInterval(figure: Figure): string | null {
  if (figure.low === undefined || figure.high === undefined) return null
  return `${numberAndUnit(figure.low, figure.unit)[0]}–${numberAndUnit(figure.high, figure.unit)[0]}`
}

/** The number and its unit apart, for faces that set them in different tones or put something between. */
export function numberAndUnit(value: number, unit: FigureUnit): readonly [number: string, unit: string] {
  switch (unit) {
    case 'bytes':
      return [formatNumber(bytesToGibibytes(value)), ' GiB']
    case 'bytesPerSecond':
      return [formatNumber(bytesToGigabytes(value)), ' GB/s']
    case 'tokensPerSecond':
      return [formatSpeed(value), ' tok/s']
    case 'seconds':
      return [formatNumber(value), ' s']
    case 'tokens':
      return [formatCount(value), ' tokens']
    case 'percent':
      return [formatCount(value), ' %']
    case 'indexPoints':
      return [formatCount(value), '']
    case 'parameters':
      return [formatParameters(value), '']
    case 'watts':
      return [formatNumber(value), ' W']
    case 'usd':
      return [value < 100 ? value.toFixed(2) : formatNumber(value), ' USD']
  }
}

function isWide(figure: Figure): boolean {
  const { low, high, value } = figure
  if (low === undefined || high === undefined) return false
  // An index is never shown without its interval: a point of it means nothing alone.
  if (figure.unit === 'indexPoints') return true
  return Math.max(high - value, value - low) > WIDE_INTERVAL_SHARE * Math.abs(value)
}
