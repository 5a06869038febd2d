import { useTranslation } from 'react-i18next'
import type { Figure } from '#core/figure/figure.ts'
import { intervalText } from './figure-text.ts'
import classes from './figure.module.css'

/** How, when, interval and source of a figure. */
export function FigureDetail({ figure }: { readonly figure: Figure }) {
  const { t } = useTranslation()
  const range = intervalText(figure)
  return (
    <span className={classes.detail}>
      <span className={classes.how}>{t(`figures.${figure.basis}How`)}</span>
      <span>{figure.source}</span>
      {range === null ? null : <span>{t('figures.intervalIs', { range })}</span>}
      {figure.asOf === undefined ? null : <span>{t('figures.asOfDate', { date: figure.asOf })}</span>}
    </span>
  )
}
