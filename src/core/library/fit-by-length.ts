import type { Figure } from '#core/figure/figure.ts'
import type { Machine } from '#core/machine/machine.ts'
import { memoryPools } from '#core/machine/memory-pools.ts'
import type { Fit } from '#core/plan/plan.ts'

/** A context and buffers of a model nobody knows the shape of, as a share of its file. */
const ALLOWANCE = 0.15
/** Above this share of the budget a mere allowance may not be enough. */
const TIGHT_SHARE = 0.9

/** Whether a file fits by its length alone, with an allowance of 15 % for context and buffers, against all budgets together. */
export function fitByLength(
  fileBytes: number,
  machine: Machine,
): { readonly fit: Fit; readonly memory: Figure; readonly budgetBytes: number } {
  const budgetBytes = memoryPools(machine, { useReserve: false }).reduce(
    (sum, pool) => sum + pool.budgetBytes,
    0,
  )
  const neededBytes = Math.round(fileBytes * (1 + ALLOWANCE))
  return {
    fit: neededBytes > budgetBytes ? 'no' : neededBytes > budgetBytes * TIGHT_SHARE ? 'tight' : 'fits',
    memory: {
      value: neededBytes,
      unit: 'bytes',
      basis: 'estimated',
      low: fileBytes,
      high: Math.round(fileBytes * (1 + 2 * ALLOWANCE)),
      source: `length of the file and ${ALLOWANCE * 100} % for context and buffers, as no catalogue model has its shape`,
    },
    budgetBytes,
  }
}
