import { expect, it } from 'vitest'
import type { Machine } from '#core/machine/machine.ts'
import { withFreeMemory } from '#core/machine/with-free-memory.ts'

const machine = {
  memory: { totalBytes: 100, freeBytes: 50 },
  accelerators: [
    { name: 'first', freeBytes: 20 },
    { name: 'second', freeBytes: 10 },
  ],
  asIf: false,
} as unknown as Machine
const now = { readAt: '2026-11-25T00:00:00Z', ramFreeBytes: 40, acceleratorFreeBytes: [5, null] }

it('shows what is free now, and the scan’s value where it cannot be read', () => {
  const live = withFreeMemory(machine, now)
  expect(live.memory.freeBytes).toBe(40)
  expect(live.accelerators.map((accelerator) => accelerator.freeBytes)).toEqual([5, 10])
})

it('leaves invented hardware as it is', () => {
  expect(withFreeMemory({ ...machine, asIf: true }, now).memory.freeBytes).toBe(50)
})
