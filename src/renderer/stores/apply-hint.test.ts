import { describe, expect, it } from 'vitest'
import type { Accelerator, Machine } from '#core/machine/machine.ts'
import { gibibytesToBytes } from '#core/units/units.ts'
import { applyHint } from './apply-hint.ts'
import { createNeedsStore } from './needs-store.ts'
import { createWhatIfStore } from './what-if-store.ts'

function machineWith(accelerators: readonly Partial<Accelerator>[]): Machine {
  return {
    memory: { totalBytes: gibibytesToBytes(64) },
    accelerators,
  } as unknown as Machine
}

const card = { usable: true, unified: false, memoryBytes: gibibytesToBytes(24) }
const chip = { usable: true, unified: true, memoryBytes: gibibytesToBytes(64) }
const broken = { ...card, usable: false }
const eight = gibibytesToBytes(8)

describe('applying what would change the answer', () => {
  it('changes only the needs it names', () => {
    const stores = { needs: createNeedsStore(), whatIf: createWhatIfStore() }
    applyHint({ text: '4k', needs: { contextTokens: 4096 } }, machineWith([card]), stores)
    expect(stores.needs.getState().needs).toMatchObject({ contextTokens: 4096, users: 1 })
    expect(stores.whatIf.getState().whatIf).toBeNull()
  })

  it.each([
    ['a card', [card], { vramBytes: gibibytesToBytes(32), ramBytes: null }],
    ['a unified chip', [chip], { vramBytes: null, ramBytes: gibibytesToBytes(72) }],
    ['no accelerator', [], { vramBytes: null, ramBytes: gibibytesToBytes(72) }],
    ['an unusable card', [broken], { vramBytes: null, ramBytes: gibibytesToBytes(72) }],
  ])('adds memory where %s has it', (_, accelerators, whatIf) => {
    const stores = { needs: createNeedsStore(), whatIf: createWhatIfStore() }
    applyHint({ text: '8 GiB more', addMemoryBytes: eight }, machineWith(accelerators), stores)
    expect(stores.whatIf.getState().whatIf).toMatchObject(whatIf)
  })

  it('keeps the hardware already asked for', () => {
    const asked = { gpus: ['RTX 4090'], vramBytes: null, ramBytes: null, cpuCores: null, backend: null }
    const stores = { needs: createNeedsStore(), whatIf: createWhatIfStore(asked) }
    applyHint({ text: '8 GiB more', addMemoryBytes: eight }, machineWith([card]), stores)
    expect(stores.whatIf.getState().whatIf).toEqual({ ...asked, vramBytes: gibibytesToBytes(32) })
  })
})
