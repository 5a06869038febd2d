import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import type { MemoryPool } from '#core/machine/memory-pools.ts'
import { poolSegments } from './pool-view.ts'

function pool(part: Partial<MemoryPool>): MemoryPool {
  return {
    id: 'gpu:0',
    kind: 'dedicated',
    label: 'card',
    acceleratorIndices: [0],
    capacityBytes: 100,
    freeBytes: 80,
    reserveBytes: 5,
    budgetBytes: 75,
    deviceBudgetBytes: 75,
    backends: ['cuda'],
    assumptions: [],
    ...part,
  }
}

const bytesByName = (drawn: MemoryPool) =>
  Object.fromEntries(poolSegments(drawn).map((segment) => [segment.name, segment.bytes]))

describe('a pool as it is drawn', () => {
  it('shows what others use, the reserve and what is usable', () => {
    expect(bytesByName(pool({}))).toEqual({ used: 20, reserve: 5, usable: 75 })
  })

  it('shows what the system withholds', () => {
    expect(bytesByName(pool({ budgetBytes: 45 }))).toEqual({ used: 20, withheld: 30, reserve: 5, usable: 45 })
  })

  it('draws nothing of a pool of unknown size', () => {
    expect(poolSegments(pool({ capacityBytes: null }))).toEqual([])
  })

  it('always fills the bar exactly', () => {
    const size = fc.integer({ min: 0, max: 200 })
    fc.assert(
      fc.property(size, size, size, (freeBytes, reserveBytes, budgetBytes) => {
        const drawn = poolSegments(pool({ freeBytes, reserveBytes, budgetBytes }))
        expect(drawn.reduce((sum, segment) => sum + segment.share, 0)).toBeCloseTo(1)
        expect(drawn.every((segment) => segment.bytes > 0)).toBe(true)
      }),
    )
  })
})
