import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nvidiaErrorOf, parseNvidiaQuery, parseNvidiaSmi } from '#backend/probe/sources/nvidia-smi.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

const KEY =
  'nvidia-smi --query-gpu=index,pci.bus_id,pci.device_id,name,memory.total,memory.free,compute_cap,driver_version,mig.mode.current --format=csv,noheader,nounits'

function entry(text: string, key = KEY) {
  return { key, text, exitCode: 0 }
}

describe('parseNvidiaQuery', () => {
  it('reads address, id, sizes, capability and driver', () => {
    const text =
      '0, 00000000:01:00.0, 0x268410DE, NVIDIA GeForce RTX 4090, 24564, 23592, 8.9, 570.86.10, [N/A]\n'
    expect(parseNvidiaQuery(entry(text)).sightings).toEqual([
      expect.objectContaining({
        name: 'NVIDIA GeForce RTX 4090',
        pciAddress: '0000:01:00.0',
        pciId: '10de:2684',
        memoryBytes: mebibytesToBytes(24564),
        freeBytes: mebibytesToBytes(23592),
        computeCapability: '8.9',
        driverVersion: '570.86.10',
        unified: null,
      }),
    ])
  })

  it('does not take a MIG parent without memory for a unified device', () => {
    const text =
      '0, 00000000:01:00.0, 0x20B010DE, NVIDIA A100-SXM4-80GB, [N/A], [N/A], 8.0, 535.104, Enabled\n'
    const [parent] = parseNvidiaQuery(entry(text)).sightings ?? []
    expect(parent?.unified).toBeNull()
    expect(parent?.unusableReason).toContain('MIG')
  })

  it('refuses lines of another width and says so', () => {
    const parsed = parseNvidiaQuery(entry('something broke\n'))
    expect(parsed.sightings).toEqual([])
    expect(parsed.garbled).toHaveLength(1)
  })
})

describe('parseNvidiaSmi', () => {
  it('turns error texts into advice, never into devices', () => {
    expect(nvidiaErrorOf('Failed to initialize NVML: Driver/library version mismatch')).toContain('reboot')
    expect(nvidiaErrorOf('No devices were found')).toContain('no card')
    expect(nvidiaErrorOf('0, NVIDIA GeForce RTX 4090, 24564')).toBeNull()
  })

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(KEY, 'nvidia-smi', 'nvidia-smi memory.total'), (text, key) => {
        expect(() => parseNvidiaSmi([entry(text, key)], 'linux')).not.toThrow()
      }),
    )
  })
})
