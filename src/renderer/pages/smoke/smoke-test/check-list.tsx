import { IconCheck, IconCircleDashed, IconLoader2, IconMinus, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { SMOKE_CHECKS, type SmokeCheckId, type SmokeCheckResult } from '#core/smoke/smoke-record.ts'
import classes from './smoke-test.module.css'

interface CheckListProps {
  readonly results: readonly SmokeCheckResult[]
  /** What runs now; null where nothing does. */
  readonly current: SmokeCheckId | 'loading' | 'bench' | null
}

const ICONS = { passed: IconCheck, failed: IconX, 'not-asked': IconMinus } as const

/** Every check with how it came out; the reason and what was said are one click away. */
export function CheckList({ results, current }: CheckListProps) {
  const { t } = useTranslation()
  return (
    <ul className={classes.checks}>
      {SMOKE_CHECKS.map((id) => {
        const result = results.find((one) => one.id === id)
        if (result !== undefined) return <CheckItem key={id} result={result} />
        const isRunning = id === current
        const Icon = isRunning ? IconLoader2 : IconCircleDashed
        return (
          <li key={id} className={classes.check} data-outcome={isRunning ? 'running' : 'open'}>
            <Icon size={18} aria-hidden="true" />
            <span>{t(`smoke.check.${id}`)}</span>
            {isRunning ? <span className={classes.outcome}>{t('smoke.outcome.running')}</span> : null}
          </li>
        )
      })}
    </ul>
  )
}

function CheckItem({ result }: { readonly result: SmokeCheckResult }) {
  const { t } = useTranslation()
  const { id, outcome, transcript, why } = result
  const Icon = ICONS[outcome]
  return (
    <li className={classes.check} data-outcome={outcome}>
      <Icon size={18} aria-hidden="true" />
      <details className={classes.detail}>
        <summary>
          {t(`smoke.check.${id}`)}
          <span className={classes.outcome}>{t(`smoke.outcome.${outcome}`)}</span>
        </summary>
        <p>{why}</p>
        {transcript.length === 0 ? null : (
          <dl className={classes.transcript}>
            {transcript.map((line, index) => (
              // Lines stay in their order: their place is their identity.
              <div key={index}>
                <dt>{t(`smoke.role.${line.role}`)}</dt>
                <dd>{line.text}</dd>
              </div>
            ))}
          </dl>
        )}
      </details>
    </li>
  )
}
