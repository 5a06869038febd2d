import type { MeasureSample } from '#contract/measuring.ts'
import type { ChartOption } from '../../../components/charts/chart-option.ts'
import type { ChartPalette } from '../../../components/charts/chart-palette.ts'

export interface SamplesView {
  readonly samples: readonly MeasureSample[]
  /** Speed predicted of the whole model with one stream; null where it is not known or only a part of the model runs. */
  readonly band: readonly [number, number] | null
  readonly speedAxis: string
  readonly repetitionAxis: string
  readonly bandName: string
}

/** Shapes by what was timed: decoding with one stream, with several, a prompt. */
const SHAPES = { decode: 'circle', streams: 'triangle', prefill: 'diamond' } as const
const MARK_PIXELS = 7

type SampleGroup = keyof typeof SHAPES

/** What a repetition is drawn as. */
export function sampleGroup({ kind, streams }: MeasureSample): SampleGroup {
  if (kind === 'prefill') return 'prefill'
  return streams === 1 ? 'decode' : 'streams'
}

/** Options of the chart of repetitions; its speeds lie orders of magnitude apart, so its axis is logarithmic. */
export function samplesOption(view: SamplesView, palette: ChartPalette): ChartOption {
  const { samples, band } = view
  return {
    grid: { left: 8, right: 8, top: 28, bottom: 32, containLabel: true },
    xAxis: {
      type: 'value',
      min: 0,
      // In steps of ten: the axis then moves seldom, and its last label stands alone.
      max: Math.ceil((samples.length + 1) / 10) * 10,
      minInterval: 1,
      name: view.repetitionAxis,
      nameLocation: 'middle',
      nameGap: 28,
      ...axisLook(palette),
      splitLine: { show: false },
    },
    yAxis: {
      type: 'log',
      name: view.speedAxis,
      nameLocation: 'end',
      ...ends([...samples.map((sample) => sample.tokensPerSecond), ...(band ?? [])]),
      ...axisLook(palette),
      nameTextStyle: { color: palette.mutedText, fontSize: 12, align: 'left', padding: [0, 0, 0, -24] },
    },
    series: [
      ...(band === null ? [] : [bandSeries(band, view.bandName, palette)]),
      ...(Object.keys(SHAPES) as SampleGroup[]).map((group, index) => ({
        type: 'scatter' as const,
        symbol: SHAPES[group],
        symbolSize: MARK_PIXELS,
        itemStyle: { color: palette.series[index] ?? palette.accent },
        data: samples.flatMap((sample, place) =>
          sampleGroup(sample) === group ? [[place + 1, sample.tokensPerSecond]] : [],
        ),
      })),
    ],
  }
}

/** Whole powers of ten would leave most of the axis empty: it ends a little beyond what is drawn. */
function ends(speeds: readonly number[]): { readonly min?: number; readonly max?: number } {
  if (speeds.length === 0) return {}
  return {
    min: Number((Math.min(...speeds) * 0.7).toPrecision(1)),
    max: Number((Math.max(...speeds) * 1.5).toPrecision(1)),
  }
}

function bandSeries([low, high]: readonly [number, number], name: string, palette: ChartPalette) {
  return {
    type: 'line' as const,
    silent: true,
    data: [],
    markArea: {
      silent: true,
      itemStyle: { color: palette.accent, opacity: 0.18 },
      label: { color: palette.mutedText, fontSize: 12, position: 'insideTopRight' as const },
      data: [[{ name, yAxis: low }, { yAxis: high }]] as [
        { name: string; yAxis: number },
        { yAxis: number },
      ][],
    },
  }
}

function axisLook(palette: ChartPalette) {
  return {
    nameTextStyle: { color: palette.mutedText, fontSize: 12 },
    axisLabel: { color: palette.mutedText, fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: palette.axisLine } },
    splitLine: { lineStyle: { color: palette.gridLine } },
  }
}
