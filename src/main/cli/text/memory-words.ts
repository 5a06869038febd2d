import { formatMemory } from '#core/figure/format-figure.ts'
import type { PlanEvaluation, PoolUse } from '#core/plan/plan.ts'
import { figureValueText } from './figure-text.ts'

function poolWords({ memory, pool }: PoolUse, isOnly: boolean): string {
  const share = `${figureValueText(memory.total).replace(' GiB', '')} of ${formatMemory(memory.budget.value)}`
  if (isOnly) return share
  return `${share} ${pool === 'ram' ? 'RAM' : 'VRAM'}`
}

/**
 * What a plan takes of what there is, pool by pool: "~6 of 23.5 GiB", "~22 of 23.5 GiB VRAM + ~9 of 49.6 GiB RAM".
 * Unlike pools are never added up; of a plan whole on cards only the cards count, as in its total.
 */
export function memoryWords({ pools, placement: { mode } }: PlanEvaluation): string {
  const counted = pools.filter(({ pool }) => pool !== 'ram' || (mode !== 'gpu' && mode !== 'multi-gpu'))
  return counted.map((use) => poolWords(use, counted.length === 1)).join(' + ')
}
