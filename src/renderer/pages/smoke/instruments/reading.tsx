import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isKnown, type MaybeFigure } from '#core/figure/figure.ts'
import { estimateError, estimateErrorWords } from '#core/measure/estimate-error.ts'
import { FigureValue } from '../../../components/figure/figure-value.tsx'
import classes from './instruments.module.css'

interface ReadingProps {
  readonly name: string
  readonly measured: MaybeFigure
  /** Null: nothing was predicted. */
  readonly predicted: MaybeFigure | null
  readonly children?: ReactNode
}

/** One instrument: what is, what was expected, and how far apart they are in words. */
export function Reading({ name, measured, predicted, children }: ReadingProps) {
  const { t } = useTranslation()
  const error = predicted === null ? null : estimateError(predicted, measured)
  return (
    <div className={classes.reading}>
      <dt>{name}</dt>
      <dd className={classes.measured} data-unknown={isKnown(measured) ? undefined : true}>
        {isKnown(measured) ? (
          <FigureValue figure={measured} />
        ) : (
          <span className="lighter">{measured.reason}</span>
        )}
      </dd>
      {predicted === null ? null : (
        <dd className={classes.predicted}>
          {t('smoke.predicted')} <FigureValue figure={predicted} />
          {error === null ? null : (
            <span className={classes.error}>{estimateErrorWords(error, 'prediction')}</span>
          )}
        </dd>
      )}
      {children}
    </div>
  )
}
