import { describe, expect, it } from 'vitest'
import { describeMachine } from '#core/machine/describe-machine.ts'
import type { Accelerator, Machine } from '#core/machine/machine.ts'
import { gibibytesToBytes, mebibytesToBytes } from '#core/units/units.ts'

function card(part: Partial<Accelerator>): Accelerator {
  return {
    name: 'NVIDIA GeForce RTX 4090',
    vendor: 'NVIDIA',
    memoryBytes: mebibytesToBytes(24564),
    freeBytes: null,
    usableBytes: null,
    unified: false,
    integrated: false,
    usable: true,
    unusableReason: null,
    backends: ['cuda'],
    pciAddress: null,
    pciId: null,
    driverVersion: null,
    computeCapability: null,
    gfxTarget: null,
    migProfile: null,
    gpuCores: null,
    specId: null,
    performance: null,
    asIf: false,
    ...part,
  }
}

function machine(accelerators: readonly Accelerator[], part: Partial<Machine> = {}): Machine {
  const totalBytes = gibibytesToBytes(64)
  return {
    os: { platform: 'linux', name: null, version: null, architecture: 'x64', virtualization: null },
    cpu: {
      name: 'AMD Ryzen 9 7950X 16-Core Processor',
      vendor: 'AMD',
      physicalCores: 16,
      logicalCores: 32,
      performanceCores: 16,
      usableCores: 16,
      features: [],
    },
    memory: { totalBytes, freeBytes: null, limitBytes: totalBytes, bandwidthBytesPerSecond: null },
    accelerators,
    disks: [],
    backends: ['cpu'],
    sources: {},
    warnings: [],
    scannedAt: null,
    asIf: false,
    ...part,
  }
}

const integrated = { unified: true, integrated: true, memoryBytes: null }

describe('describeMachine', () => {
  it.each([
    [[card({})], 'RTX 4090 24 GiB · 64 GiB RAM · Ryzen 9 7950X (16 cores)'],
    [[card({}), card({})], '2× RTX 4090 24 GiB · 64 GiB RAM · Ryzen 9 7950X (16 cores)'],
    [
      [card({}), card({ name: 'AMD Radeon 780M (Phoenix / Hawk Point)', ...integrated })],
      'RTX 4090 24 GiB + Radeon 780M · 64 GiB RAM · Ryzen 9 7950X (16 cores)',
    ],
    [[card({ usable: false })], 'RTX 4090 (not usable) · 64 GiB RAM · Ryzen 9 7950X (16 cores)'],
    [
      [card({ name: 'Apple M2 Max (38-core GPU)', unified: true })],
      'Apple M2 Max (38-core GPU) · 64 GiB unified memory · Ryzen 9 7950X (16 cores)',
    ],
    [[], 'no GPU · 64 GiB RAM · Ryzen 9 7950X (16 cores)'],
  ])('%#', (accelerators, text) => {
    expect(describeMachine(machine(accelerators))).toBe(text)
  })

  it('shows a limit below the RAM, and what is unknown', () => {
    const memory = {
      totalBytes: gibibytesToBytes(32),
      freeBytes: null,
      limitBytes: gibibytesToBytes(8),
      bandwidthBytesPerSecond: null,
    }
    expect(describeMachine(machine([], { memory }))).toContain('32 GiB RAM (limit 8 GiB)')
    const unknown = { ...memory, totalBytes: null, limitBytes: null }
    expect(describeMachine(machine([], { memory: unknown, asIf: true }))).toMatch(
      /^as if: no GPU · RAM unknown/,
    )
  })
})
