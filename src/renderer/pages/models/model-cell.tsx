import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { isKnown } from '#core/figure/figure.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import {
  formatContext,
  formatFigureValue,
  formatInterval,
  formatMemory,
  formatParameters,
} from '#core/figure/format-figure.ts'
import { planHref } from '../../app/routes.ts'
import { figureText } from '../../components/figure/figure-text.ts'
import { FigureValue } from '../../components/figure/figure-value.tsx'
import { FitMark } from '../../components/fit-mark/fit-mark.tsx'
import type { ColumnId } from './model-columns.ts'
import { rowSpeed } from './model-row.ts'
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
      return row.rank
    case 'size':
      return <SizeCell row={row} />
    case 'quantization':
      return best === null ? null : best.plan.quantizationId
    case 'memory':
      return best === null ? null : <FigureValue dense figure={best.plan.memory.total} />
    case 'decode':
      return best === null ? null : <WithInterval figure={rowSpeed(model, best.plan)} />
    case 'quality':
      return <QualityCell row={row} />
    case 'agreement':
      return best === null ? null : <FigureValue dense figure={best.agreement} />
    case 'developer':
      return <span title={model.developer}>{model.developer}</span>
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
      {model.origin === 'user' ? <span className={classes.aside}>{t('models.yours')}</span> : null}
    </>
  )
}

/** Whether it fits, what is missing where it does not, and why else it is not recommended. */
function FitCell({ row: { best, rejection } }: Pick<ModelCellProps, 'row'>) {
  const { t } = useTranslation()
  if (best === null) return <span title={t('models.noEngineLong')}>{t('models.noEngine')}</span>
  const { fit, missingBytes } = best.plan
  if (fit === 'no') {
    return (
      <>
        <FitMark dense fit={fit} />
        <span className={classes.lack}>{t('figures.needsMore', { amount: formatMemory(missingBytes) })}</span>
      </>
    )
  }
  return (
    <>
      <FitMark fit={fit} />
      {rejection === null ? null : <span className={classes.aside}>{t(`models.rejected.${rejection}`)}</span>}
    </>
  )
}

function SizeCell({ row: { model } }: Pick<ModelCellProps, 'row'>) {
  const { t } = useTranslation()
  const { total, active } = model.parameters
  return (
    <>
      {formatParameters(total)}
      {active === null || active === total ? null : (
        <span className={classes.aside}>{t('models.active', { amount: formatParameters(active) })}</span>
      )}
    </>
  )
}

function QualityCell({ row: { quality, similar } }: Pick<ModelCellProps, 'row'>) {
  const { t } = useTranslation()
  if (isKnown(quality)) return <WithInterval figure={quality} />
  return (
    <span className={classes.lines}>
      <span>{t('models.noScores')}</span>
      {similar === null ? null : (
        <span>{t('models.similar', { range: formatInterval(similar) ?? formatFigureValue(similar) })}</span>
      )}
    </span>
  )
}

/** A figure and, in a place of its own so that numbers stay under numbers, its interval where that is wide. */
function WithInterval({ figure }: { readonly figure: MaybeFigure }) {
  return (
    <>
      <FigureValue dense figure={figure} />
      <span className={classes.interval}>{isKnown(figure) ? figureText(figure).interval.trim() : ''}</span>
    </>
  )
}
