import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Advice } from '#core/advise/recommendation.ts'
import { formatCount } from '#core/figure/format-figure.ts'
import { MODELS_PATH } from '../../app/routes.ts'
import { useMachineState } from '../../app/use-stores.ts'
import { ChangeHints } from './change-hints.tsx'
import { PickCard } from './pick-card.tsx'
import { RejectedCounts } from './rejected-counts.tsx'
import { SpeedOffer } from './speed-offer.tsx'
import { useExactPicks } from './use-exact-picks.ts'
import classes from './verdict.module.css'

/** The core's advice as a page; drawn again only for another advice, so that a moving slider is not held up. */
export const VerdictAnswer = memo(function VerdictAnswer({ advice }: { readonly advice: Advice }) {
  const { t } = useTranslation()
  const picks = useExactPicks(advice)
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1 className={classes.sentence}>
          <Unbroken text={advice.verdict} />
        </h1>
        <Provisional />
      </header>
      {picks.length === 0 ? null : (
        <section aria-label={t('verdict.picks')}>
          <ul className={classes.cards}>
            {picks.map(({ pick, shown }) => (
              <li
                key={`${pick.model.id} ${pick.plan.quantizationId}`}
                className={classes.card}
                data-answer={pick === advice.recommendations[0] || undefined}
              >
                <PickCard pick={shown} useCase={advice.needs.useCase} asIf={advice.machine.asIf} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <ChangeHints hints={advice.wouldChange} />
      <SpeedOffer machine={advice.machine} />
      <section className={classes.rest}>
        <p>
          {t('verdict.considered', { count: advice.considered, number: formatCount(advice.considered) })}{' '}
          <Link href={MODELS_PATH}>{t('verdict.allModels')}</Link>
        </p>
        <RejectedCounts rejected={advice.rejected} open={picks.length === 0} />
      </section>
    </div>
  )
})

/** Says so when the answer stands on a scan that has not finished. */
function Provisional() {
  const { t } = useTranslation()
  const provisional = useMachineState((state) => state.provisional)
  const scan = useMachineState((state) => state.scan)
  if (!provisional || scan.kind !== 'scanning') return null
  return (
    <p className="lighter" role="status">
      {t('verdict.provisional', { tools: scan.pendingTools.join(', ') })}
    </p>
  )
}

/** A sentence whose intervals, "(32–44)", stay on one line. */
function Unbroken({ text }: { readonly text: string }) {
  return text.split(/( )/).map((word, index) =>
    word.includes('–') ? (
      // Words of a sentence have no identity but their place.
      <span key={index} className={classes.unbroken}>
        {word}
      </span>
    ) : (
      word
    ),
  )
}
