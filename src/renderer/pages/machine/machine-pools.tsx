import { useTranslation } from 'react-i18next'
import { formatMemory } from '#core/figure/format-figure.ts'
import type { Machine } from '#core/machine/machine.ts'
import { memoryPools, type MemoryPool } from '#core/machine/memory-pools.ts'
import { useNeeds } from '../../app/use-stores.ts'
import { poolSegments } from './pool-view.ts'
import classes from './machine.module.css'

interface MachinePoolsProps {
  readonly machine: Machine
  /** The free memory is read every few seconds. */
  readonly live: boolean
}

/** Every pool of memory as a bar: used by others, kept as a reserve, usable for models. */
export function MachinePools({ machine, live }: MachinePoolsProps) {
  const { t } = useTranslation()
  const { useReserve } = useNeeds()
  return (
    <section aria-label={t('machine.pools')} className={classes.section}>
      <h2>
        {t('machine.pools')}
        {live ? <span className={classes.live}>{t('machine.live')}</span> : null}
      </h2>
      <ul className={classes.pools}>
        {memoryPools(machine, { useReserve }).map((pool) => (
          <li key={pool.id} className={classes.pool}>
            <Pool pool={pool} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Pool({ pool }: { readonly pool: MemoryPool }) {
  const { t } = useTranslation()
  const segments = poolSegments(pool)
  return (
    <>
      <p className={classes.poolHead}>
        <span className={classes.poolName}>{pool.label}</span>
        <span className="lighter">{t(`machine.poolKind.${pool.kind}`)}</span>
        <span className={classes.poolSize}>
          {pool.capacityBytes === null ? t('machine.sizeUnknown') : formatMemory(pool.capacityBytes)}
        </span>
      </p>
      <div className={classes.poolBar} aria-hidden="true">
        {segments.map(({ name, share }) => (
          <span
            key={name}
            className={classes.segment}
            data-segment={name}
            style={{ width: `${share * 100}%` }}
          />
        ))}
      </div>
      <dl className={classes.legend}>
        {segments.map(({ name, bytes }) => (
          <div key={name}>
            <dt>
              <span className={classes.swatch} data-segment={name} aria-hidden="true" />
              {t(`machine.segment.${name}`)}
            </dt>
            <dd className="numeral">{formatMemory(bytes)}</dd>
          </div>
        ))}
      </dl>
      {pool.kind === 'unified' && pool.deviceBudgetBytes < pool.budgetBytes ? (
        <p className="lighter">{t('machine.deviceMay', { amount: formatMemory(pool.deviceBudgetBytes) })}</p>
      ) : null}
      {pool.assumptions.map((assumption) => (
        <p key={assumption} className="lighter">
          {assumption}
        </p>
      ))}
    </>
  )
}
