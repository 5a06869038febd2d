import { describe, expect, it } from 'vitest'
import type { Figure } from '#core/figure/figure.ts'
import type { MemoryParts } from '#core/plan/plan.ts'
import { memoryBarParts } from './memory-bar-parts.ts'

const bytes = (value: number): Figure => ({ value, unit: 'bytes', basis: 'estimated', source: 'test' })

function memory(weights: number, budget: number): MemoryParts {
  return {
    weights: bytes(weights),
    kvCache: bytes(10),
    compute: bytes(5),
    overhead: bytes(5),
    total: bytes(weights + 20),
    budget: bytes(budget),
  }
}

describe('a plan’s memory on one line', () => {
  it('fills budget and reserve where it fits', () => {
    const view = memoryBarParts(memory(60, 90), 10)
    expect(view.parts.map((part) => part.share)).toEqual([0.6, 0.1, 0.05, 0.05])
    expect(view).toMatchObject({ budgetShare: 0.9, reserveShare: 0.1, overBytes: 0 })
  })

  it('sticks out where it does not fit', () => {
    const view = memoryBarParts(memory(180, 100), 20)
    const drawn = view.parts.reduce((sum, part) => sum + part.share, 0)
    expect(drawn).toBeCloseTo(1)
    expect(view).toMatchObject({ budgetShare: 0.5, reserveShare: 0.1, overBytes: 100 })
  })
})
