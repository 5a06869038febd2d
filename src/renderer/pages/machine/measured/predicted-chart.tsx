import { useCallback, useMemo } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { numberAndUnit } from '#core/figure/format-figure.ts'
import type { PredictedAgainstMeasured } from '#core/measure/predicted-against-measured.ts'
import { Chart } from '../../../components/charts/chart.tsx'
import type { ChartPalette } from '../../../components/charts/chart-palette.ts'
import tableClasses from '../../../components/charts/chart-table.module.css'
import { predictedOption } from './predicted-option.ts'
import type { PredictedPoint } from './predicted-option.ts'

/** How right the estimates of this machine were, before and after other measurements corrected them. */
export function PredictedChart({ compared }: { readonly compared: readonly PredictedAgainstMeasured[] }) {
  const { t } = useTranslation()
  const points = useMemo(() => compared.map((each) => pointOf(each, t)), [compared, t])
  const optionFor = useCallback(
    (palette: ChartPalette) =>
      predictedOption(
        points,
        { measuredAxis: t('measurements.measuredAxis'), predictedAxis: t('measurements.predictedAxis') },
        palette,
      ),
    [points, t],
  )
  return (
    <Chart
      title={t('measurements.chartTitle')}
      description={t('measurements.chartDescription', { count: points.length })}
      note={t('measurements.chartKey')}
      optionFor={optionFor}
      fileName="predicted-against-measured"
      table={<PredictedTable points={points} />}
    />
  )
}

function pointOf(each: PredictedAgainstMeasured, t: TFunction): PredictedPoint {
  const { modelName, quantizationId, measured, predictedTokensPerSecond, calibratedTokensPerSecond } = each
  const name = `${modelName} ${quantizationId}`
  return {
    name,
    measured: measured.tokensPerSecond,
    predicted: predictedTokensPerSecond,
    calibrated: calibratedTokensPerSecond,
    summary: [
      name,
      t('measurements.saidMeasured', { speed: speedText(measured.tokensPerSecond) }),
      t('measurements.saidEstimated', { speed: speedText(predictedTokensPerSecond) }),
      ...(calibratedTokensPerSecond === null
        ? []
        : [t('measurements.saidCalibrated', { speed: speedText(calibratedTokensPerSecond) })]),
    ].join('\n'),
  }
}

function speedText(tokensPerSecond: number): string {
  return numberAndUnit(tokensPerSecond, 'tokensPerSecond').join('')
}

function PredictedTable({ points }: { readonly points: readonly PredictedPoint[] }) {
  const { t } = useTranslation()
  return (
    <table className={tableClasses.table}>
      <thead>
        <tr>
          <th scope="col">{t('measurements.plan')}</th>
          <th scope="col">{t('measurements.measured')}</th>
          <th scope="col">{t('measurements.estimated')}</th>
          <th scope="col">{t('measurements.calibrated')}</th>
        </tr>
      </thead>
      <tbody>
        {points.map(({ name, measured, predicted, calibrated }, index) => (
          // The same plan may be measured twice: its place tells one from the other.
          <tr key={`${name} ${index}`}>
            <th scope="row">{name}</th>
            <td>{speedText(measured)}</td>
            <td>{speedText(predicted)}</td>
            <td>{calibrated === null ? t('measurements.noOthers') : speedText(calibrated)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
