import { useTranslation } from 'react-i18next'
import { FigureValue } from '../../components/figure/figure-value.tsx'
import { FitMark } from '../../components/fit-mark/fit-mark.tsx'
import type { ModelRow } from './model-row.ts'
import classes from '../../components/charts/chart-table.module.css'
import type { QualitySpeedPoint } from './quality-speed-option.ts'

interface QualitySpeedTableProps {
  readonly rows: readonly ModelRow[]
  readonly points: readonly QualitySpeedPoint[]
  readonly onChoose: (id: string) => void
}

/** The numbers of the quality and speed chart. */
export function QualitySpeedTable({ rows, points, onChoose }: QualitySpeedTableProps) {
  const { t } = useTranslation()
  const byId = new Map(rows.map((row) => [row.model.id, row]))
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('models.column.model')}</th>
          <th scope="col">{t('models.column.quality')}</th>
          <th scope="col">{t('models.column.decode')}</th>
          <th scope="col">{t('models.column.fit')}</th>
        </tr>
      </thead>
      <tbody>
        {points.map((point) => {
          const row = byId.get(point.id)
          const best = row?.best ?? null
          return row === undefined || best === null ? null : (
            <tr key={point.id} data-front={point.onFront || undefined}>
              <th scope="row">
                <button type="button" aria-pressed={point.chosen} onClick={() => onChoose(point.id)}>
                  {point.name}
                </button>
              </th>
              <td>
                <FigureValue dense figure={row.quality} />
              </td>
              <td>
                <FigureValue dense figure={best.plan.decode} />
              </td>
              <td>
                <FitMark dense fit={best.plan.fit} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
