import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Needs } from '#core/advise/needs.ts'
import type { Recommendation } from '#core/advise/recommendation.ts'
import { isKnown } from '#core/figure/figure.ts'
import type { Figure, MaybeFigure } from '#core/figure/figure.ts'
import { formatContext } from '#core/figure/format-figure.ts'
import { FigureValue } from '../../components/figure/figure-value.tsx'
import classes from './plan-figures.module.css'

interface PlanFiguresProps {
  readonly recommendation: Recommendation
  readonly needs: Needs
  /** Where models like it stand, for one without published scores. */
  readonly similar: Figure | null
  /** Stands under the speeds: where they are measured. */
  readonly children: ReactNode
}

/** Speed and quality of the plan. */
export function PlanFigures({ recommendation, needs, similar, children }: PlanFiguresProps) {
  const { t } = useTranslation()
  const { plan, quality, agreement } = recommendation
  return (
    <>
      <section className={classes.group} aria-label={t('model.speed')}>
        <h2 className={classes.heading}>{t('model.speed')}</h2>
        <Line
          name={t('model.decode')}
          hint={t('model.depth', { tokens: formatContext(plan.depthTokens) })}
          figure={plan.decode}
          large
        />
        <Line name={t('model.prefill')} figure={plan.prefill} />
        <Line
          name={t('model.timeToFirstToken')}
          hint={t('model.timeToFirstTokenHint')}
          figure={plan.timeToFirstToken}
        />
        {plan.users > 1 ? <Line name={t('model.throughput')} figure={plan.throughput} /> : null}
        {children}
      </section>
      <section className={classes.group} aria-label={t('model.qualityTitle')}>
        <h2 className={classes.heading}>{t('model.qualityTitle')}</h2>
        <Line
          name={t('model.quality')}
          hint={t('model.qualityHint', { useCase: t(`model.useCase.${needs.useCase}`) })}
          figure={quality}
        >
          {isKnown(quality) ? undefined : <NoScores similar={similar} reason={quality.reason} />}
        </Line>
        <Line name={t('model.agreement')} figure={agreement} />
      </section>
    </>
  )
}

function NoScores({ similar, reason }: { readonly similar: Figure | null; readonly reason: string }) {
  const { t } = useTranslation()
  return (
    <span className={classes.noScores}>
      <span>{reason}</span>
      {similar === null ? null : (
        <span className={classes.hint}>
          {t('model.similar')} <FigureValue figure={similar} />
        </span>
      )}
    </span>
  )
}

interface LineProps {
  readonly name: string
  readonly hint?: string
  readonly figure: MaybeFigure
  /** The figure people come for. */
  readonly large?: boolean
  /** Stands in the figure's place. */
  readonly children?: ReactNode
}

function Line({ name, hint, figure, large = false, children }: LineProps) {
  return (
    <div className={classes.line} data-large={large || undefined}>
      <span>
        {name}
        {hint === undefined ? null : <span className={classes.hint}> {hint}</span>}
      </span>
      <span className={classes.figure}>{children ?? <FigureValue figure={figure} />}</span>
    </div>
  )
}
