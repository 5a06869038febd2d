import { describe, expect, it } from 'vitest'
import type { WhatIf } from '#core/machine/what-if.ts'
import { gibibytesToBytes } from '#core/units/units.ts'
import { readWhatIfText, writeWhatIfText } from './what-if-text.ts'

const NONE: WhatIf = { gpus: [], vramBytes: null, ramBytes: null, cpuCores: null, backend: null }

describe('hardware in the user’s own words', () => {
  it.each<[string, WhatIf]>([
    ['2x RTX 3090, 128 GB', { ...NONE, gpus: ['2x RTX 3090'], ramBytes: gibibytesToBytes(128) }],
    ['2× RTX 3090; 64GiB ram', { ...NONE, gpus: ['2x RTX 3090'], ramBytes: gibibytesToBytes(64) }],
    ['RTX 4060 Ti 16GB', { ...NONE, gpus: ['RTX 4060 Ti 16GB'] }],
    ['24 GB VRAM', { ...NONE, vramBytes: gibibytesToBytes(24) }],
    ['none, 16 cores', { ...NONE, gpus: ['none'], cpuCores: 16 }],
    ['No GPU, 64 GB', { ...NONE, gpus: ['none'], ramBytes: gibibytesToBytes(64) }],
    [
      'Arc 140V (Lunar Lake, 8 Xe2), 8 GiB more',
      { ...NONE, gpus: ['Arc 140V (Lunar Lake, 8 Xe2)'], addedBytes: gibibytesToBytes(8) },
    ],
    ['8 GB more, 8 GB more', { ...NONE, addedBytes: gibibytesToBytes(16) }],
    // A bare number is no memory: it is more likely a product typed in part, and the core names the nearest.
    ['4090', { ...NONE, gpus: ['4090'] }],
  ])('reads %s', (text, whatIf) => {
    expect(readWhatIfText(text)).toEqual(whatIf)
  })

  it.each(['', '  ', ' , ,'])('has nothing to say about %j', (text) => {
    expect(readWhatIfText(text)).toBeNull()
  })

  it.each([
    '2x RTX 3090, 128 GB',
    'RTX 4090, 24 GB VRAM, 64 GB, 16 cores',
    'none, 64 GB',
    'RTX 4090, 24 GiB more',
  ])('writes %s as it was read', (text) => {
    const whatIf = readWhatIfText(text)
    expect(whatIf === null ? null : writeWhatIfText(whatIf)).toBe(text)
  })
})
