import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { isKnown } from '#core/figure/figure.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import {
  formatContext,
  formatFigureValue,
  formatInterval,
  formatParameters,
} from '#core/figure/format-figure.ts'
import { planHref } from '../../app/routes.ts'
import { figureText } from '../../components/figure/figure-text.ts'
import { FigureValue } from '../../components/figure/figure-value.tsx'
import { FitMark } from '../../components/fit-mark/fit-mark.tsx'
import type { ColumnId } from './model-columns.ts'
import type { ModelRow } from './model-row.ts'
import classes from './models-table.module.css'

interface ModelCellProps {
  readonly column: ColumnId
  readonly row: ModelRow
  /** Of what can be focused inside the cell. */
  readonly tabIndex: 0 | -1
}

/** What one column shows of one model. */
export function ModelCell({ column, row, tabIndex }: ModelCellProps) {
  const { model, best } = row
  switch (column) {
    case 'model':
      return <NameCell row={row} tabIndex={tabIndex} />
    case 'fit':
      return <FitCell row={row} />
    case 'rank':
      return <RankCell row={row} />
    case 'size':
      return <SizeCell row={row} />
    case 'quantization':
      return best === null ? null : best.plan.quantizationId
    case 'memory':
      return best === null ? null : <FigureValue dense figure={best.plan.memory.total} />
    case 'decode':
      return best === null ? null : <WithInterval figure={best.plan.decode} />
    case 'quality':
      return <QualityCell row={row} />
    case 'agreement':
      return best === null ? null : <FigureValue dense figure={best.agreement} />
    case 'context':
      return formatContext(model.nativeContextTokens)
    case 'license':
      return row.license?.name ?? model.license
    case 'released':
      return model.released
  }
}

function NameCell({ row: { model }, tabIndex }: Pick<ModelCellProps, 'row' | 'tabIndex'>) {
  const { t } = useTranslation()
  return (
    <>
      <Link
        className={classes.name}
        href={planHref({ modelId: model.id })}
        tabIndex={tabIndex}
        title={`${model.name} · ${model.developer}`}
      >
        {model.name}
      </Link>
      <span className={classes.developer}>{model.developer}</span>
      {model.origin === 'user' ? <span className={classes.developer}>{t('models.yours')}</span> : null}
    </>
  )
}

function FitCell({ row: { best } }: Pick<ModelCellProps, 'row'>) {
  const { t } = useTranslation()
  if (best === null) return <span title={t('models.noEngineLong')}>{t('models.noEngine')}</span>
  return <FitMark fit={best.plan.fit} missingBytes={best.plan.missingBytes} />
}

function RankCell({ row: { rank, rejection } }: Pick<ModelCellProps, 'row'>) {
  const { t } = useTranslation()
  if (rank !== null) return t('models.ranked', { rank })
  return rejection === null ? null : (
    <span className={classes.lighter}>{t(`models.rejected.${rejection}`)}</span>
  )
}

function SizeCell({ row: { model } }: Pick<ModelCellProps, 'row'>) {
  const { t } = useTranslation()
  const { total, active } = model.parameters
  return (
    <>
      {formatParameters(total)}
      {active === null || active === total ? null : (
        <span className={classes.developer}>{t('models.active', { amount: formatParameters(active) })}</span>
      )}
    </>
  )
}

function QualityCell({ row: { best, similar } }: Pick<ModelCellProps, 'row'>) {
  const { t } = useTranslation()
  if (best === null) return null
  if (best.quality.value !== null) return <WithInterval figure={best.quality} />
  return (
    <span className={classes.lighter}>
      {t('models.noScores')}
      {similar === null ? null : (
        <span className={classes.developer}>
          {t('models.similar', { range: formatInterval(similar) ?? formatFigureValue(similar) })}
        </span>
      )}
    </span>
  )
}

/** A figure with its interval beside it where that is wide; the interval follows the mark, so that marks align. */
function WithInterval({ figure }: { readonly figure: MaybeFigure }) {
  return (
    <>
      {isKnown(figure) ? (
        <span className={classes.interval}>{figureText(figure).interval.trim()}</span>
      ) : null}
      <FigureValue dense figure={figure} />
    </>
  )
}
