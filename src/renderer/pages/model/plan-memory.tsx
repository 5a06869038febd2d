import { useTranslation } from 'react-i18next'
import type { Machine } from '#core/machine/machine.ts'
import type { PlanEvaluation, PoolUse } from '#core/plan/plan.ts'
import type { AskablePlan } from '../../app/askable-plan.ts'
import { FigureValue } from '../../components/figure/figure-value.tsx'
import { MemoryBar } from '../../components/memory-bar/memory-bar.tsx'
import { workingPools } from '../../components/memory-bar/working-pools.ts'
import { ExactCheck } from './exact-check.tsx'
import { PlanFit } from './plan-fit.tsx'
import classes from './plan-memory.module.css'

interface PlanMemoryProps {
  readonly plan: PlanEvaluation
  readonly machine: Machine
  readonly askable: AskablePlan
}

/** Where every byte goes: one bar a pool, its parts named under it. */
export function PlanMemory({ plan, machine, askable }: PlanMemoryProps) {
  const { t } = useTranslation()
  // The sum of a plan counts the pools it works in: cards are not summed with what lies in RAM beside them.
  const { working, beside } = workingPools(plan)
  return (
    <section className={classes.memory} aria-label={t('model.memory')}>
      <h2 className={classes.heading}>{t('model.memory')}</h2>
      <PlanFit plan={plan} />
      <p>
        {t('model.placement')}: {usePlacementText(plan, machine)}. {t('model.fileSize')}:{' '}
        <FigureValue figure={plan.fileBytes} kind="file" />
      </p>
      <ExactCheck askable={askable} />
      <Pools pools={working} />
      {working.length > 1 ? (
        <p className={classes.sum}>
          {t(beside.length > 0 ? 'model.allCards' : 'model.allPools')}{' '}
          <FigureValue figure={plan.memory.total} />
        </p>
      ) : null}
      <Pools pools={beside} />
    </section>
  )
}

function Pools({ pools }: { readonly pools: readonly PoolUse[] }) {
  return pools.map((pool) => (
    <div key={pool.pool} className={classes.pool}>
      <h3 className={classes.poolName}>{pool.label}</h3>
      <MemoryBar label={pool.label} memory={pool.memory} reserveBytes={pool.reserveBytes} legend />
    </div>
  ))
}

function usePlacementText({ placement }: PlanEvaluation, machine: Machine): string {
  const { t } = useTranslation()
  const names = placement.acceleratorIndices.map((index) => machine.accelerators[index]?.name ?? '')
  return t(`model.placementMode.${placement.mode}`, {
    device: [...new Set(names)].join(', '),
    count: placement.acceleratorIndices.length,
    layers: placement.gpuLayers,
    total: placement.totalLayers,
  })
}
