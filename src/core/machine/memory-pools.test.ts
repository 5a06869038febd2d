import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WHAT_IF_MACHINES, whatIfMachine } from '../../../test/what-if-machines.ts'
import { memoryPools } from '#core/machine/memory-pools.ts'
import type { Accelerator, Machine, SystemMemory } from '#core/machine/machine.ts'
import { gibibytesToBytes, mebibytesToBytes } from '#core/units/units.ts'

const twoCards = whatIfMachine(['RTX 4090', 'RTX 3060 12GB'], 64)
const mac = WHAT_IF_MACHINES['M4 Max, 36 GB']!

function withMemory(machine: Machine, memory: Partial<SystemMemory>): Machine {
  return { ...machine, memory: { ...machine.memory, ...memory } }
}

function withAccelerator(machine: Machine, index: number, change: Partial<Accelerator>): Machine {
  const accelerators = machine.accelerators.map((accelerator, each) =>
    each === index ? { ...accelerator, ...change } : accelerator,
  )
  return { ...machine, accelerators }
}

const keep = { useReserve: false }

describe('memoryPools', () => {
  it('gives each card its own pool and never sums unlike cards', () => {
    const pools = memoryPools(twoCards, keep)
    expect(pools.map((pool) => [pool.id, pool.kind, pool.acceleratorIndices])).toEqual([
      ['gpu:0', 'dedicated', [0]],
      ['gpu:1', 'dedicated', [1]],
      ['ram', 'ram', []],
    ])
  })

  it('counts unified memory once, capped by what the system lets the device use', () => {
    const capped = withAccelerator(mac, 0, { usableBytes: gibibytesToBytes(24) })
    const pools = memoryPools(capped, keep)
    expect(pools.map((pool) => [pool.id, pool.kind])).toEqual([['ram', 'unified']])
    expect(pools[0]!.capacityBytes).toBe(gibibytesToBytes(36))
    expect(pools[0]!.deviceBudgetBytes).toBeLessThanOrEqual(gibibytesToBytes(24))
    expect(pools[0]!.budgetBytes).toBeGreaterThan(pools[0]!.deviceBudgetBytes)
  })

  it.each([
    // 10 %, between 512 MiB and 8 GiB, where free memory is known (docs/speed-model.md).
    [4, 0.5],
    [16, 1.6],
    [40, 4],
    [256, 8],
  ])('of %d GiB of system memory keeps %d GiB free', (total, reserve) => {
    const bytes = gibibytesToBytes(total)
    const sized = withMemory(whatIfMachine(['none'], 32), {
      totalBytes: bytes,
      limitBytes: bytes,
      freeBytes: bytes / 2,
    })
    const [ram] = memoryPools(sized, keep)
    expect(ram?.reserveBytes).toBe(gibibytesToBytes(reserve))
    expect(ram?.budgetBytes).toBe(bytes / 2 - gibibytesToBytes(reserve))
  })

  it('starts from what is free now, less the reserve', () => {
    const busy = withAccelerator(twoCards, 0, { freeBytes: gibibytesToBytes(10) })
    const [card] = memoryPools(busy, keep)
    // 2 % of 24 GiB is more than the 256 MiB floor.
    expect(card!.reserveBytes).toBeCloseTo(card!.capacityBytes! * 0.02)
    expect(card!.budgetBytes).toBeCloseTo(gibibytesToBytes(10) - card!.reserveBytes)
    expect(memoryPools(busy, { useReserve: true })[0]!.budgetBytes).toBe(gibibytesToBytes(10))
  })

  it('keeps more free on Windows, where the desktop draws from the same memory', () => {
    const windows = { ...twoCards, os: { ...twoCards.os, platform: 'windows' as const } }
    expect(memoryPools(windows, keep)[1]!.reserveBytes).toBe(mebibytesToBytes(512))
  })

  it('says what it assumes where free memory is not known', () => {
    const [card] = memoryPools(withAccelerator(twoCards, 0, { freeBytes: null }), keep)
    expect(card!.assumptions.join()).toContain('not known')
    expect(card!.budgetBytes).toBeCloseTo(card!.capacityBytes! * 0.98)
  })

  it('plans nothing on a device that is unusable or of unknown size', () => {
    const broken = withAccelerator(twoCards, 0, { usable: false, unusableReason: 'no driver' })
    expect(memoryPools(broken, keep).map((pool) => pool.id)).toEqual(['gpu:1', 'ram'])
    const unknown = withAccelerator(twoCards, 0, { memoryBytes: null, freeBytes: null })
    expect(memoryPools(unknown, keep)[0]!.budgetBytes).toBe(0)
  })

  it('obeys the limit of a container and what is used of it', () => {
    const limited = withMemory(twoCards, {
      totalBytes: gibibytesToBytes(256),
      freeBytes: gibibytesToBytes(200),
      limitBytes: gibibytesToBytes(16),
      limitUsedBytes: gibibytesToBytes(6),
    })
    const ram = memoryPools(limited, { useReserve: true }).at(-1)!
    expect(ram.capacityBytes).toBe(gibibytesToBytes(16))
    expect(ram.budgetBytes).toBe(gibibytesToBytes(10))
  })

  it('keeps MIG slices apart', () => {
    const slice = {
      ...twoCards.accelerators[0]!,
      migProfile: '1g.10gb',
      memoryBytes: gibibytesToBytes(10),
      freeBytes: null,
    }
    const sliced = { ...twoCards, accelerators: [slice, slice] }
    expect(memoryPools(sliced, keep).filter((pool) => pool.kind === 'dedicated')).toHaveLength(2)
  })

  it('leaves a firmware carve-out larger than visible memory to its device', () => {
    // Strix Halo with 96 of 128 GiB given to the GPU: the system sees 32.
    const carved = withMemory(
      withAccelerator(mac, 0, { memoryBytes: gibibytesToBytes(96), freeBytes: null }),
      {
        totalBytes: gibibytesToBytes(32),
        limitBytes: null,
      },
    )
    expect(memoryPools(carved, keep).map((pool) => pool.id)).toEqual(['gpu:0', 'ram'])
  })

  it('never plans more than is free, and never a negative budget', () => {
    const gibibytes = fc.integer({ min: 0, max: 512 }).map(gibibytesToBytes)
    fc.assert(
      fc.property(gibibytes, gibibytes, fc.boolean(), (total, free, useReserve) => {
        const machine = withMemory(twoCards, { totalBytes: total, freeBytes: free, limitBytes: null })
        const ram = memoryPools(machine, { useReserve }).at(-1)!
        expect(ram.budgetBytes).toBeGreaterThanOrEqual(0)
        expect(ram.budgetBytes).toBeLessThanOrEqual(Math.min(free, total))
      }),
    )
  })
})
