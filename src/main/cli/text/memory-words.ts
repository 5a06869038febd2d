import { formatMemory } from '#core/figure/format-figure.ts'
import type { PlanEvaluation, PoolUse } from '#core/plan/plan.ts'
import { figureValueText } from './figure-text.ts'

/** Beside a plan that lies on accelerators, less than this share in RAM (a token table) is not worth a word. */
const NOTABLE_SHARE = 0.1

function poolWords({ memory, pool }: PoolUse, isOnly: boolean): string {
  const share = `${figureValueText(memory.total).replace(' GiB', '')} of ${formatMemory(memory.budget.value)}`
  if (isOnly) return share
  return `${share} ${pool === 'ram' ? 'RAM' : 'VRAM'}`
}

/**
 * What a plan takes of what there is, pool by pool: "~6 of 23.5 GiB", "~22 of 23.5 GiB VRAM + ~9 of 49.6 GiB RAM".
 * Unlike pools are never added up.
 */
export function memoryWords({ pools, memory }: PlanEvaluation): string {
  const notable = pools.filter(
    (use) =>
      use.pool !== 'ram' || pools.length === 1 || use.memory.total.value > NOTABLE_SHARE * memory.total.value,
  )
  return notable.map((use) => poolWords(use, notable.length === 1)).join(' + ')
}
