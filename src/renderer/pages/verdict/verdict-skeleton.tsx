import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './verdict.module.css'

const CARDS = ['first', 'second', 'third'] as const

/** The page's own layout while the first scan runs, and what it is waiting for. */
export function VerdictSkeleton({ pendingTools }: { readonly pendingTools: readonly string[] }) {
  const { t } = useTranslation()
  return (
    <div className={classes.page} aria-busy="true">
      <header className={classes.head}>
        <h1 className={classes.sentence}>{t('verdict.scanningTitle')}</h1>
        <p className="lighter">{t('verdict.scanningSentence')}</p>
        <p className="lighter" role="status">
          {pendingTools.length === 0 ? '' : t('verdict.scanningTools', { tools: pendingTools.join(', ') })}
        </p>
      </header>
      <div className={classes.cards} aria-hidden="true">
        {CARDS.map((card) => (
          <div key={card} className={classes.card}>
            <Skeleton height={14} width="40%" />
            <Skeleton height={24} width="80%" />
            <Skeleton height={16} />
            <Skeleton height={96} />
            <Skeleton height={48} />
          </div>
        ))}
      </div>
    </div>
  )
}
