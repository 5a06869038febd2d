import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { paretoFront } from '#core/advise/pareto-front.ts'
import { isKnown } from '#core/figure/figure.ts'
import type { Figure } from '#core/figure/figure.ts'
import { formatFigure } from '#core/figure/format-figure.ts'
import { Chart } from '../../components/charts/chart.tsx'
import type { ChartPalette } from '../../components/charts/chart-palette.ts'
import { rowRuns } from './model-row.ts'
import type { ModelRow } from './model-row.ts'
import { qualitySpeedOption } from './quality-speed-option.ts'
import type { QualitySpeedPoint } from './quality-speed-option.ts'
import { QualitySpeedTable } from './quality-speed-table.tsx'

interface QualitySpeedChartProps {
  readonly rows: readonly ModelRow[]
  readonly chosenId: string | null
  readonly onChoose: (id: string) => void
}

/** The models of the table that run here, by speed and quality; a click chooses the row. */
export function QualitySpeedChart({ rows, chosenId, onChoose }: QualitySpeedChartProps) {
  const { t } = useTranslation()
  const plotted = useMemo(() => pointsOf(rows), [rows])
  const points = useMemo(
    () => plotted.map((point) => ({ ...point, chosen: point.id === chosenId })),
    [plotted, chosenId],
  )
  const optionFor = useCallback(
    (palette: ChartPalette) =>
      qualitySpeedOption(
        points,
        { speedAxis: t('models.chartSpeedAxis'), qualityAxis: t('models.chartQualityAxis') },
        palette,
      ),
    [points, t],
  )
  if (points.length === 0) return <p>{t('models.chartEmpty')}</p>
  return (
    <Chart
      title={t('models.chartTitle')}
      description={t('models.chartDescription', { count: points.length })}
      note={t('models.chartKey')}
      optionFor={optionFor}
      fileName="quality-against-speed"
      onPick={onChoose}
      table={<QualitySpeedTable rows={rows} points={points} onChoose={onChoose} />}
    />
  )
}

function pointsOf(rows: readonly ModelRow[]): readonly QualitySpeedPoint[] {
  const points = rows.flatMap((row) => {
    if (row.best === null || !rowRuns(row)) return []
    const { quality } = row
    const { plan } = row.best
    if (!isKnown(plan.decode) || !isKnown(quality)) return []
    return [pointOf(row, plan.decode, quality, plan.fit === 'tight')]
  })
  // Memory is not an axis here: with the same bytes for all, the front is that of quality and speed alone.
  const onFront = paretoFront(points.map((point) => ({ ...point, memoryBytes: 0 })))
  return points.map((point, index) => ({ ...point, onFront: onFront[index] ?? false }))
}

function pointOf(row: ModelRow, decode: Figure, quality: Figure, tight: boolean): QualitySpeedPoint {
  const { id, name } = row.model
  return {
    id,
    name,
    tight,
    tokensPerSecond: decode.value,
    speedInterval: intervalOf(decode),
    quality: quality.value,
    qualityInterval: intervalOf(quality),
    onFront: false,
    chosen: false,
    summary: `${name}\n${formatFigure(quality)}\n${formatFigure(decode)}`,
  }
}

function intervalOf(figure: Figure): readonly [number, number] | null {
  return figure.low === undefined || figure.high === undefined ? null : [figure.low, figure.high]
}
