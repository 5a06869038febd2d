import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { PageHead } from '../../components/page-head/page-head.tsx'
import classes from './machine.module.css'

/** The page's layout while the first scan runs. */
export function MachineSkeleton({ pendingTools }: { readonly pendingTools: readonly string[] }) {
  const { t } = useTranslation()
  return (
    <div className={classes.page} aria-busy="true">
      <PageHead title={t('machine.title')}>
        <p className="lighter" role="status">
          {pendingTools.length === 0
            ? t('machine.scanning')
            : t('machine.waitingFor', { tools: pendingTools.join(', ') })}
        </p>
      </PageHead>
      <div className={classes.pools} aria-hidden="true">
        <Skeleton height={24} width="30%" />
        <Skeleton height={24} />
        <Skeleton height={24} width="30%" />
        <Skeleton height={24} />
        <Skeleton height={160} />
      </div>
    </div>
  )
}
