import type { ChartOption } from '../../../components/charts/chart-option.ts'
import type { ChartPalette } from '../../../components/charts/chart-palette.ts'

/** One measured speed and what was said of it. */
export interface PredictedPoint {
  readonly name: string
  readonly measured: number
  /** By the formulas alone. */
  readonly predicted: number
  /** Corrected by other measurements; null where there are none. */
  readonly calibrated: number | null
  readonly summary: string
}

export interface PredictedTexts {
  readonly measuredAxis: string
  readonly predictedAxis: string
}

const MARK_PIXELS = 9

/** Options of the chart of predicted against measured speeds: on the diagonal an estimate was right. */
export function predictedOption(
  points: readonly PredictedPoint[],
  texts: PredictedTexts,
  palette: ChartPalette,
): ChartOption {
  const [low, high] = rangeOf(points)
  const [before = palette.accent, after = palette.accent] = [palette.series[1], palette.series[0]]
  const axis = { type: 'log' as const, min: low, max: high, ...axisLook(palette) }
  return {
    tooltip: {
      renderMode: 'richText',
      trigger: 'item',
      confine: true,
      backgroundColor: palette.tooltipSurface,
      borderColor: palette.gridLine,
      textStyle: { color: palette.text, fontSize: 12 },
      formatter: (item) => summaryOf(item),
    },
    grid: { left: 8, right: 24, top: 32, bottom: 32, containLabel: true },
    xAxis: { ...axis, name: texts.measuredAxis, nameLocation: 'middle', nameGap: 28 },
    yAxis: {
      ...axis,
      name: texts.predictedAxis,
      nameLocation: 'end',
      nameTextStyle: { color: palette.mutedText, fontSize: 12, align: 'left', padding: [0, 0, 0, -24] },
    },
    series: [
      {
        type: 'line',
        silent: true,
        showSymbol: false,
        lineStyle: { color: palette.axisLine, width: 1.5, type: 'dashed' },
        data: [
          [low, low],
          [high, high],
        ],
      },
      {
        type: 'scatter',
        symbol: 'emptyCircle',
        symbolSize: MARK_PIXELS,
        itemStyle: { color: before, borderWidth: 2 },
        data: points.map((point) => ({
          name: point.name,
          value: [point.measured, point.predicted],
          summary: point.summary,
        })),
      },
      {
        type: 'scatter',
        symbol: 'diamond',
        symbolSize: MARK_PIXELS + 2,
        itemStyle: { color: after },
        data: points.flatMap(({ name, measured, calibrated, summary }) =>
          calibrated === null ? [] : [{ name, value: [measured, calibrated], summary }],
        ),
      },
    ],
  }
}

/** Both axes alike, so that the diagonal is one: a little beyond the slowest and the fastest. */
export function rangeOf(points: readonly PredictedPoint[]): readonly [low: number, high: number] {
  const speeds = points.flatMap(({ measured, predicted, calibrated }) => [
    measured,
    predicted,
    ...(calibrated === null ? [] : [calibrated]),
  ])
  return [
    Number((Math.min(...speeds) * 0.6).toPrecision(1)),
    Number((Math.max(...speeds) * 1.6).toPrecision(1)),
  ]
}

function axisLook(palette: ChartPalette) {
  return {
    nameTextStyle: { color: palette.mutedText, fontSize: 12 },
    axisLabel: { color: palette.mutedText, fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: palette.axisLine } },
    splitLine: { lineStyle: { color: palette.gridLine } },
  }
}

function summaryOf(item: unknown): string {
  if (typeof item !== 'object' || item === null || !('data' in item)) return ''
  const { data } = item
  if (typeof data !== 'object' || data === null || !('summary' in data)) return ''
  // Braces start a style in rich text: a name that carries them must not.
  return typeof data.summary === 'string' ? data.summary.replaceAll(/[{}]/g, '') : ''
}
