import type { ScatterSeriesOption } from 'echarts/charts'
import type { ChartOption } from '../../components/charts/chart-option.ts'
import type { ChartPalette } from '../../components/charts/chart-palette.ts'

/** One model in the quality and speed chart; intervals where they are known. */
export interface QualitySpeedPoint {
  readonly id: string
  readonly name: string
  readonly tight: boolean
  readonly tokensPerSecond: number
  readonly speedInterval: readonly [number, number] | null
  readonly quality: number
  readonly qualityInterval: readonly [number, number] | null
  /** No other model here is both better and faster. */
  readonly onFront: boolean
  readonly chosen: boolean
  /** The figures in words, for the tooltip. */
  readonly summary: string
}

export interface QualitySpeedTexts {
  readonly speedAxis: string
  readonly qualityAxis: string
}

const MARK_PIXELS = 9
const CHOSEN_PIXELS = 15
/** Room for a name at the right: nothing lies above and right of the front, so the names of its models stand there. */
const LABEL_PIXELS = 104

/** Options of the quality and speed chart. The same object draws on the page and in a report. */
export function qualitySpeedOption(
  points: readonly QualitySpeedPoint[],
  texts: QualitySpeedTexts,
  palette: ChartPalette,
): ChartOption {
  return {
    // Rich text: an HTML tooltip needs inline styles, which the content security policy refuses.
    tooltip: {
      renderMode: 'richText',
      trigger: 'item',
      confine: true,
      backgroundColor: palette.tooltipSurface,
      borderColor: palette.gridLine,
      textStyle: { color: palette.text, fontSize: 12 },
      formatter: (item) => summaryOf(item),
    },
    grid: { left: 8, right: LABEL_PIXELS, top: 32, bottom: 32, containLabel: true },
    xAxis: {
      type: 'log',
      min: leastSpeed,
      name: texts.speedAxis,
      nameLocation: 'middle',
      nameGap: 28,
      ...axisLook(palette),
      // The least value is no round number, and may stand too close to the first that is.
      axisLabel: { ...axisLook(palette).axisLabel, showMinLabel: false },
    },
    yAxis: {
      type: 'value',
      name: texts.qualityAxis,
      min: 0,
      nameLocation: 'end',
      ...axisLook(palette),
      nameTextStyle: { color: palette.mutedText, fontSize: 12, align: 'left', padding: [0, 0, 0, -24] },
    },
    series: [frontLine(points, palette), intervals(points, palette), marks(points, palette)],
  }
}

/** The axis starts a little left of the slowest model: whole powers of ten would leave up to half of it empty. */
function leastSpeed({ min }: { readonly min: number }): number {
  return Number((min * 0.7).toPrecision(1))
}

function axisLook(palette: ChartPalette) {
  return {
    nameTextStyle: { color: palette.mutedText, fontSize: 12 },
    axisLabel: { color: palette.mutedText, fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: palette.axisLine } },
    splitLine: { lineStyle: { color: palette.gridLine } },
  }
}

function frontLine(points: readonly QualitySpeedPoint[], palette: ChartPalette) {
  return {
    type: 'line' as const,
    silent: true,
    showSymbol: false,
    z: 1,
    lineStyle: { color: palette.series[0] ?? palette.accent, width: 1.5, type: 'dashed' as const },
    data: points
      .filter((point) => point.onFront)
      .toSorted((a, b) => a.tokensPerSecond - b.tokensPerSecond)
      .map((point) => [point.tokensPerSecond, point.quality]),
  }
}

/** Whiskers of the chosen point: all of them at once would hide the points they belong to. */
function intervals(points: readonly QualitySpeedPoint[], palette: ChartPalette) {
  const gap: [null, null] = [null, null]
  return {
    type: 'line' as const,
    silent: true,
    showSymbol: false,
    z: 2,
    lineStyle: { color: palette.accent, width: 1.5 },
    data: points
      .filter((point) => point.chosen)
      .flatMap((point) => [
        ...(point.speedInterval ?? []).map((speed) => [speed, point.quality]),
        gap,
        ...(point.qualityInterval ?? []).map((quality) => [point.tokensPerSecond, quality]),
        gap,
      ]),
  }
}

function marks(points: readonly QualitySpeedPoint[], palette: ChartPalette): ScatterSeriesOption {
  const [fits = palette.accent, tight = palette.accent] = [palette.series[2], palette.series[1]]
  return {
    type: 'scatter',
    z: 3,
    cursor: 'pointer',
    labelLayout: { hideOverlap: true },
    data: points.map((point) => ({
      id: point.id,
      name: point.name,
      value: [point.tokensPerSecond, point.quality],
      summary: point.summary,
      symbol: point.tight ? 'diamond' : 'circle',
      symbolSize: point.chosen ? CHOSEN_PIXELS : MARK_PIXELS,
      itemStyle: {
        color: point.tight ? tight : fits,
        opacity: point.onFront || point.chosen ? 1 : 0.55,
        borderColor: point.chosen ? palette.accent : palette.surface,
        borderWidth: point.chosen ? 3 : 1,
      },
      label: {
        show: point.onFront || point.chosen,
        formatter: () => point.name,
        position: 'right' as const,
        color: palette.text,
        fontSize: 12,
        fontWeight: point.chosen ? ('bold' as const) : ('normal' as const),
        width: LABEL_PIXELS,
        overflow: 'truncate' as const,
      },
    })),
  }
}

function summaryOf(item: unknown): string {
  if (typeof item !== 'object' || item === null || !('data' in item)) return ''
  const { data } = item
  if (typeof data !== 'object' || data === null || !('summary' in data)) return ''
  // Braces start a style in rich text: a name that carries them must not.
  return typeof data.summary === 'string' ? data.summary.replaceAll(/[{}]/g, '') : ''
}
