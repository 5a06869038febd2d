import { useTranslation } from 'react-i18next'
import { formatContext } from '#core/figure/format-figure.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'
import { FigureValue } from '../../components/figure/figure-value.tsx'
import { MemoryBar } from '../../components/memory-bar/memory-bar.tsx'
import { workingPools } from '../../components/memory-bar/working-pools.ts'
import classes from './verdict.module.css'

interface PickMemoryProps {
  readonly plan: PlanEvaluation
  /** Where it runs, in a few words. */
  readonly remark: string | null
}

/** What a plan takes of each pool it works in: devices stand side by side and are never summed into one budget. */
export function PickMemory({ plan, remark }: PickMemoryProps) {
  const { t } = useTranslation()
  const { working, beside } = workingPools(plan)
  return (
    <div className={classes.memory}>
      <ul className={classes.pools}>
        {working.map(({ pool, label, memory, reserveBytes }) => (
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
      {remark === null ? null : <p>{remark}</p>}
      <p className="lighter">
        {plan.memory.kvCache.value === 0 ? null : (
          <>
            {t('verdict.contextTakes', { tokens: formatContext(plan.contextTokens), count: plan.users })}{' '}
            <FigureValue figure={plan.memory.kvCache} />
          </>
        )}
        {beside.map(({ pool, memory }) => (
          <span key={pool} className={classes.beside}>
            {t('verdict.beside')} <FigureValue figure={memory.total} />
          </span>
        ))}
      </p>
    </div>
  )
}
