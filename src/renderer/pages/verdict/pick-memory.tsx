import { useTranslation } from 'react-i18next'
import { formatContext } from '#core/figure/format-figure.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'
import { FigureValue } from '../../components/figure/figure-value.tsx'
import { MemoryBar } from '../../components/memory-bar/memory-bar.tsx'
import classes from './verdict.module.css'

/** What a plan takes of each pool it uses: devices stand side by side and are never summed into one budget. */
export function PickMemory({ plan }: { readonly plan: PlanEvaluation }) {
  const { t } = useTranslation()
  return (
    <div className={classes.memory}>
      <ul className={classes.pools}>
        {plan.pools.map(({ pool, label, memory, reserveBytes }) => (
          <li key={pool}>
            <p className={classes.line}>
              <span className={classes.poolName}>{label}</span>
              <span>
                <FigureValue figure={memory.total} /> <span className="lighter">{t('verdict.ofBudget')}</span>{' '}
                <FigureValue figure={memory.budget} />
              </span>
            </p>
            <MemoryBar label={label} memory={memory} reserveBytes={reserveBytes} />
          </li>
        ))}
      </ul>
      <p className="lighter">
        {t('verdict.contextTakes', { tokens: formatContext(plan.contextTokens), count: plan.users })}{' '}
        <FigureValue figure={plan.memory.kvCache} />
      </p>
    </div>
  )
}
