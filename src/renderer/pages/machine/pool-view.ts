import type { MemoryPool } from '#core/machine/memory-pools.ts'

export type PoolSegmentName = 'used' | 'reserve' | 'usable' | 'withheld'

export interface PoolSegment {
  readonly name: PoolSegmentName
  readonly bytes: number
  /** Share of the capacity, 0 to 1. */
  readonly share: number
}

/** A pool as it is drawn, from the left: used by others, withheld by the system, reserve, usable. */
export function poolSegments(pool: MemoryPool): readonly PoolSegment[] {
  const capacity = pool.capacityBytes
  if (capacity === null || capacity <= 0) return []
  const free = Math.min(pool.freeBytes ?? capacity, capacity)
  const usable = Math.min(pool.budgetBytes, free)
  const reserve = Math.min(pool.reserveBytes, free - usable)
  const parts: readonly (readonly [PoolSegmentName, number])[] = [
    ['used', capacity - free],
    ['withheld', free - usable - reserve],
    ['reserve', reserve],
    ['usable', usable],
  ]
  return (
    parts
      // A reserve is a share of the capacity: what is left by less than a byte is rounding.
      .filter(([, bytes]) => bytes >= 1)
      .map(([name, bytes]) => ({ name, bytes, share: bytes / capacity }))
  )
}
