import type { PlanEvaluation, PoolUse } from '#core/plan/plan.ts'

export interface WorkingPools {
  /** Pools that the plan's `memory` counts: its layers work there. */
  readonly working: readonly PoolUse[]
  /** Pools that hold a little of it besides, like the embedding table in RAM of a plan whole on cards. */
  readonly beside: readonly PoolUse[]
}

/** Parts the pools of a plan as its `memory` counts them. */
export function workingPools({ placement, pools }: PlanEvaluation): WorkingPools {
  const wholeOnCards = placement.mode === 'gpu' || placement.mode === 'multi-gpu'
  const isBeside = (pool: PoolUse): boolean => wholeOnCards && pool.pool === 'ram'
  return { working: pools.filter((pool) => !isBeside(pool)), beside: pools.filter(isBeside) }
}
