import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatMemory } from '#core/figure/format-figure.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'
import { useNeeds, useStores } from '../../app/use-stores.ts'
import { FitMark } from '../../components/fit-mark/fit-mark.tsx'
import classes from './plan-fit.module.css'

/** Whether the plan fits, what "tight" means, and the way past the reserve with its risk said. */
export function PlanFit({ plan }: { readonly plan: PlanEvaluation }) {
  const { t } = useTranslation()
  const missing = formatMemory(plan.missingBytes)
  return (
    <div className={classes.fit} role="status">
      <FitMark fit={plan.fit} />
      {plan.fit === 'tight' ? (
        <p>
          <strong>{t('model.tightTitle')}</strong> {t('model.tightSentence')}
        </p>
      ) : null}
      {plan.fit === 'no' ? (
        <p>
          <strong>{t('model.noTitle', { amount: missing })}</strong> {t('model.noSentence')}
        </p>
      ) : null}
      <Reserve plan={plan} />
    </div>
  )
}

function Reserve({ plan }: { readonly plan: PlanEvaluation }) {
  const { t } = useTranslation()
  const { useReserve } = useNeeds()
  const change = useStores().needs.getState().change
  if (useReserve) {
    return (
      <div className={classes.risk}>
        <p>{t('model.reserveRisk')}</p>
        <Button size="compact-sm" variant="default" onClick={() => change({ useReserve: false })}>
          {t('model.reserveKeep')}
        </Button>
      </div>
    )
  }
  if (plan.fit === 'fits') return null
  return (
    <div className={classes.offer}>
      <p>
        {plan.pools
          .map(({ label, reserveBytes }) =>
            t('model.reserveOf', { pool: label, amount: formatMemory(reserveBytes) }),
          )
          .join(' ')}{' '}
        {t('model.reserveSentence')}
      </p>
      <Button size="compact-sm" variant="default" onClick={() => change({ useReserve: true })}>
        {t('model.reserveOffer')}
      </Button>
    </div>
  )
}
