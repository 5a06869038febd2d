import { useTranslation } from 'react-i18next'
import type { Advice, RejectionReason } from '#core/advise/recommendation.ts'
import classes from './verdict.module.css'

interface RejectedCountsProps {
  readonly rejected: Advice['rejected']
  readonly open: boolean
}

/** How many models are out, by reason. */
export function RejectedCounts({ rejected, open }: RejectedCountsProps) {
  const { t } = useTranslation()
  const counts = (Object.entries(rejected) as [RejectionReason, number][]).filter(([, count]) => count > 0)
  if (counts.length === 0) return null
  return (
    <details open={open} className={classes.rejected}>
      <summary>{t('verdict.whyNot')}</summary>
      <dl className={classes.counts}>
        {counts.map(([reason, count]) => (
          <div key={reason} className={classes.fact}>
            <dt>{t(`verdict.rejected.${reason}`)}</dt>
            <dd className="numeral">{count}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
