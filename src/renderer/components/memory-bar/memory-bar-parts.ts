import type { Figure } from '#core/figure/figure.ts'
import type { MemoryParts } from '#core/plan/plan.ts'

export type MemoryPartName = 'weights' | 'kvCache' | 'compute' | 'overhead'

export interface MemoryBarPart {
  readonly name: MemoryPartName
  readonly figure: Figure
  /** Share of the drawn width, 0 to 1. */
  readonly share: number
}

export interface MemoryBarView {
  readonly parts: readonly MemoryBarPart[]
  /** Where the budget ends on the drawn width, 0 to 1. */
  readonly budgetShare: number
  /** Share of the reserve behind the budget, 0 when it is not drawn. */
  readonly reserveShare: number
  readonly overBytes: number
}

const NAMES: readonly MemoryPartName[] = ['weights', 'kvCache', 'compute', 'overhead']

/**
 * Lays a plan's memory out on one line: budget and reserve end to end, and longer where the plan needs more than that,
 * so that what does not fit visibly sticks out.
 */
export function memoryBarParts(memory: MemoryParts, reserveBytes: number): MemoryBarView {
  const drawnBytes = Math.max(memory.budget.value + reserveBytes, memory.total.value, 1)
  return {
    parts: NAMES.map((name) => ({ name, figure: memory[name], share: memory[name].value / drawnBytes })),
    budgetShare: memory.budget.value / drawnBytes,
    reserveShare: reserveBytes / drawnBytes,
    overBytes: Math.max(0, memory.total.value - memory.budget.value),
  }
}
