import { useTranslation } from 'react-i18next'
import { formatContext, formatMemory } from '#core/figure/format-figure.ts'
import type { LadderCell } from '#core/plan/plan-ladder.ts'
import classes from './plan-fit.module.css'

/** Said once above the plan when no quantization at any context fits: how far the smallest is from it. */
export function NothingFits({ ladder }: { readonly ladder: readonly LadderCell[] }) {
  const { t } = useTranslation()
  const [first, ...rest] = ladder
  if (first === undefined) return null
  const closest = rest.reduce((best, cell) => (cell.missingBytes < best.missingBytes ? cell : best), first)
  return (
    <section className={classes.risk}>
      <h2>{t('model.nothingFitsTitle')}</h2>
      <p>
        {t('model.nothingFitsSentence', {
          quantization: closest.quantization,
          tokens: formatContext(closest.contextTokens),
          amount: formatMemory(closest.missingBytes),
        })}{' '}
        {t('model.nothingFitsNext')}
      </p>
    </section>
  )
}
