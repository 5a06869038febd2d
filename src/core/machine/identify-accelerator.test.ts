import { describe, expect, it } from 'vitest'
import table from '#data/accelerators.json' with { type: 'json' }
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import {
  acceleratorCandidates,
  identifyAccelerator,
  type SeenAccelerator,
} from '#core/machine/identify-accelerator.ts'
import { gibibytesToBytes, mebibytesToBytes } from '#core/units/units.ts'

const specs = (table.records as unknown as readonly Omit<AcceleratorSpec, 'origin'>[]).map(
  (record): AcceleratorSpec => ({ ...record, origin: 'shipped' }),
)

function seen(part: Partial<SeenAccelerator>): SeenAccelerator {
  return {
    name: null,
    vendor: 'NVIDIA',
    pciId: null,
    revision: null,
    memoryBytes: null,
    gpuCores: null,
    ...part,
  }
}

describe('identifyAccelerator', () => {
  it.each<[string, Partial<SeenAccelerator>, string]>([
    ['driver name', { name: 'NVIDIA GeForce RTX 4090' }, 'nvidia-geforce-rtx-4090'],
    ['laptop part', { name: 'NVIDIA GeForce RTX 5070 Laptop GPU' }, 'nvidia-geforce-rtx-5070-laptop-gpu'],
    [
      'lspci name',
      { name: 'AD107M [GeForce RTX 4060 Max-Q / Mobile]' },
      'nvidia-geforce-rtx-4060-laptop-gpu',
    ],
    [
      'memory size',
      { name: 'NVIDIA GeForce RTX 3060', memoryBytes: mebibytesToBytes(12288) },
      'nvidia-geforce-rtx-3060-12gb',
    ],
    [
      'smaller variant',
      { name: 'NVIDIA GeForce RTX 3060', memoryBytes: mebibytesToBytes(8192) },
      'nvidia-geforce-rtx-3060-8gb',
    ],
    ['ECC size', { name: 'Tesla T4', memoryBytes: mebibytesToBytes(15360) }, 'tesla-t4'],
    ['PCI id', { pciId: '10de:24b0' }, 'nvidia-rtx-a4000'],
    ['revision', { vendor: 'AMD', pciId: '1002:744c', revision: 'cc' }, 'amd-radeon-rx-7900-xt'],
    [
      'size instead of revision',
      { vendor: 'AMD', pciId: '1002:744c', memoryBytes: gibibytesToBytes(24) },
      'amd-radeon-rx-7900-xtx',
    ],
    ['RADV name', { vendor: 'AMD', name: 'AMD Radeon RX 7900 XTX (RADV NAVI31)' }, 'amd-radeon-rx-7900-xtx'],
    ['trademark signs', { vendor: 'AMD', name: 'AMD Radeon(TM) RX 7900 XTX' }, 'amd-radeon-rx-7900-xtx'],
    ['broken code page', { vendor: 'Intel', name: 'Intel� Arc� A380 Graphics' }, 'intel-arc-a380'],
    [
      'gfx target',
      { vendor: 'AMD', name: 'AMD Radeon Graphics', gfxTarget: 'gfx1035' },
      'amd-radeon-680m-rembrandt',
    ],
    ['Apple cores', { vendor: 'Apple', name: 'Apple M4 Max', gpuCores: 40 }, 'apple-m4-max-40'],
  ])('by %s', (_rule, part, id) => {
    expect(identifyAccelerator(seen(part), specs)?.id).toBe(id)
  })

  it.each<[string, Partial<SeenAccelerator>]>([
    ['a part that is not in the table', { name: 'NVIDIA GeForce RTX 7090' }],
    ['a longer name', { name: 'NVIDIA GeForce RTX 4090 Turbo' }],
    ['two variants and no size', { name: 'NVIDIA GeForce RTX 3060' }],
    ['four cards under one id', { vendor: 'AMD', pciId: '1002:744c' }],
    ['another vendor', { vendor: 'AMD', name: 'GeForce RTX 4090' }],
    ['a size many cards have', { memoryBytes: gibibytesToBytes(8) }],
  ])('does not guess: %s', (_what, part) => {
    expect(identifyAccelerator(seen(part), specs)).toBeNull()
  })

  it('offers every card a bare id can be', () => {
    const names = acceleratorCandidates(seen({ vendor: 'AMD', pciId: '1002:744c' }), specs).map(
      (spec) => spec.name,
    )
    expect(names.sort()).toEqual([
      'AMD Radeon RX 7900 GRE',
      'AMD Radeon RX 7900 XT',
      'AMD Radeon RX 7900 XTX',
      'AMD Radeon RX 7900M',
    ])
  })
})
