import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { MeasureSample } from '#contract/measuring.ts'
import { isKnown } from '#core/figure/figure.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import { formatCount, numberAndUnit } from '#core/figure/format-figure.ts'
import { Chart } from '../../../components/charts/chart.tsx'
import type { ChartPalette } from '../../../components/charts/chart-palette.ts'
import tableClasses from '../../../components/charts/chart-table.module.css'
import classes from './measure.module.css'
import { sampleGroup, samplesOption } from './samples-option.ts'

interface SamplesChartProps {
  readonly samples: readonly MeasureSample[]
  /** Layers of the whole model. */
  readonly totalLayers: number
  /** Decode speed of the whole model, one stream. */
  readonly predicted: MaybeFigure
}

/** Every repetition of a dry run as it comes in, the predicted speed behind it where the whole model runs. */
export function SamplesChart({ samples, totalLayers, predicted }: SamplesChartProps) {
  const { t } = useTranslation()
  // A quick run times a few layers, and attention alone: only what ran whole can be held against the prediction.
  const isWhole = samples.some(({ layers }) => layers === totalLayers)
  const isShallow = samples.some(({ layers }) => layers < totalLayers)
  const band = useMemo(() => (isWhole ? bandOf(predicted) : null), [isWhole, predicted])
  const optionFor = useCallback(
    (palette: ChartPalette) =>
      samplesOption(
        {
          samples,
          band,
          speedAxis: t('measure.speedAxis'),
          repetitionAxis: t('measure.repetitionAxis'),
          bandName: t('measure.predicted'),
        },
        palette,
      ),
    [samples, band, t],
  )
  return (
    <div className={classes.chart}>
      <Chart
        title={t('measure.chartTitle')}
        description={t('measure.chartDescription', { count: samples.length })}
        note={`${t('measure.chartKey')} ${isShallow ? t('measure.chartShallow') : ''}`.trim()}
        optionFor={optionFor}
        fileName="dry-run"
        table={<SamplesTable samples={samples} />}
      />
    </div>
  )
}

function bandOf(predicted: MaybeFigure): readonly [number, number] | null {
  if (!isKnown(predicted)) return null
  const { low, high } = predicted
  return low === undefined || high === undefined ? null : [low, high]
}

function SamplesTable({ samples }: { readonly samples: readonly MeasureSample[] }) {
  const { t } = useTranslation()
  return (
    <table className={tableClasses.table}>
      <thead>
        <tr>
          <th scope="col">{t('measure.repetition')}</th>
          <th scope="col">{t('measure.speed')}</th>
          <th scope="col">{t('measure.timed')}</th>
          <th scope="col">{t('measure.layers')}</th>
          <th scope="col">{t('measure.depth')}</th>
          <th scope="col">{t('measure.streams')}</th>
        </tr>
      </thead>
      <tbody>
        {samples.map((sample, index) => (
          // Repetitions come in order and stay: their place is their identity.
          <tr key={index}>
            <th scope="row">{formatCount(index + 1)}</th>
            <td>{numberAndUnit(sample.tokensPerSecond, 'tokensPerSecond').join('')}</td>
            <td>{t(`measure.groups.${sampleGroup(sample)}`)}</td>
            <td>{formatCount(sample.layers)}</td>
            <td>{formatCount(sample.depthTokens)}</td>
            <td>{formatCount(sample.streams)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
