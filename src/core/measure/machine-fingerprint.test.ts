import { describe, expect, it } from 'vitest'
import { WHAT_IF_MACHINES, whatIfMachine } from '../../../test/what-if-machines.ts'
import type { Accelerator, Machine } from '#core/machine/machine.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import { gibibytesToBytes, mebibytesToBytes } from '#core/units/units.ts'

const desktop = whatIfMachine(['none'], 32)
const withCard = whatIfMachine(['RTX 4090'], 32)

const change = (parts: Partial<Machine>, machine: Machine = desktop): Machine => ({ ...machine, ...parts })

describe('machineFingerprint', () => {
  it('is one readable line', () => {
    expect(machineFingerprint(desktop)).toBe('linux/AMD Ryzen 7 7700/16 cores/32 GiB/none')
    expect(machineFingerprint(withCard)).toMatch(/^linux\/AMD Ryzen 7 7700\/16 cores\/32 GiB\/.*4090 24 GiB$/)
  })

  it('is the same for identical machines, whatever is free on them and whenever they were looked at', () => {
    const again = whatIfMachine(['RTX 4090'], 32)
    const busy = change(
      {
        memory: { ...again.memory, freeBytes: 1, limitUsedBytes: 5 },
        scannedAt: '2026-01-02T03:04:05Z',
        warnings: [],
        disks: [],
        accelerators: again.accelerators.map((each): Accelerator => ({ ...each, freeBytes: 7 })),
      },
      again,
    )
    expect(machineFingerprint(again)).toBe(machineFingerprint(withCard))
    expect(machineFingerprint(busy)).toBe(machineFingerprint(withCard))
  })

  it('forgives the megabytes that firmware keeps from start to start', () => {
    const { memory } = desktop
    const less = { ...memory, totalBytes: gibibytesToBytes(32) - mebibytesToBytes(90) }
    expect(machineFingerprint(change({ memory: less }))).toBe(machineFingerprint(desktop))
  })

  it.each<[string, Machine]>([
    ['RAM', whatIfMachine(['none'], 64)],
    ['cores that may be used', change({ cpu: { ...desktop.cpu, usableCores: 4 } })],
    ['the processor', change({ cpu: { ...desktop.cpu, name: 'AMD Ryzen 9 7950X' } })],
    ['the system', change({ os: { ...desktop.os, platform: 'windows' } })],
    ['a GPU', withCard],
  ])('differs by %s', (_what, other) => {
    expect(machineFingerprint(other)).not.toBe(machineFingerprint(desktop))
  })

  it('differs by the number of GPUs and by their memory, not by their order', () => {
    const two = whatIfMachine(['2x RTX 3090'], 64)
    const one = whatIfMachine(['RTX 3090'], 64)
    const mixed = whatIfMachine(['RTX 3090', 'RTX 4090'], 64)
    const turned = change({ accelerators: mixed.accelerators.toReversed() }, mixed)
    expect(machineFingerprint(two)).not.toBe(machineFingerprint(one))
    expect(machineFingerprint(whatIfMachine(['RTX 4090'], 32, 48))).not.toBe(machineFingerprint(withCard))
    expect(machineFingerprint(turned)).toBe(machineFingerprint(mixed))
  })

  it('counts only devices that may be used', () => {
    const off = withCard.accelerators.map((each): Accelerator => ({ ...each, usable: false }))
    expect(machineFingerprint(change({ accelerators: off }, withCard))).toBe(machineFingerprint(desktop))
  })

  it('tells all machines of the tests apart and says what is not known', () => {
    const all = Object.values(WHAT_IF_MACHINES).map(machineFingerprint)
    expect(new Set(all).size).toBe(all.length)
    const unknown = change({ cpu: { ...desktop.cpu, name: null, usableCores: null, physicalCores: null } })
    expect(machineFingerprint(unknown)).toBe('linux/unknown CPU/unknown cores/32 GiB/none')
  })

  it('names nobody: nothing but processor, memory and devices goes into it', () => {
    const words = machineFingerprint(withCard).split('/')
    const card = withCard.accelerators[0]!
    expect(words).toEqual(['linux', desktop.cpu.name, '16 cores', '32 GiB', `${card.name} 24 GiB`])
  })
})
