import { useTranslation } from 'react-i18next'
import { formatMemory } from '#core/figure/format-figure.ts'
import type { Fit } from '#core/plan/plan.ts'
import classes from './fit-mark.module.css'

const SHAPES: Readonly<Record<Fit, string>> = {
  fits: 'M2 6.5L5 9.5L10 2.5',
  tight: 'M6 2v5M6 9.4v0.6',
  no: 'M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9M2.9 9.1L9.1 2.9',
}

interface FitMarkProps {
  readonly fit: Fit
  /** Bytes lacking, said beside the mark where a plan does not fit. */
  readonly missingBytes?: number
  /** Only the mark, its word read out: for dense tables. */
  readonly dense?: boolean
}

/** Whether a plan fits: a shape, a word and a colour, never the colour alone. */
export function FitMark({ fit, missingBytes = 0, dense = false }: FitMarkProps) {
  const { t } = useTranslation()
  const missing = fit === 'no' && missingBytes > 0
  return (
    <span className={classes.fit} data-fit={fit} title={t(`figures.fitHint.${fit}`)}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        <path d={SHAPES[fit]} fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      </svg>
      <span className={dense ? 'visually-hidden' : undefined}>{t(`figures.fit.${fit}`)}</span>
      {missing ? (
        <span className={dense ? 'visually-hidden' : classes.missing}>
          {t('figures.needsMore', { amount: formatMemory(missingBytes) })}
        </span>
      ) : null}
    </span>
  )
}
