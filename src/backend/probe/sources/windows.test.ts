import { describe, expect, it } from 'vitest'
import { isCapped } from '#backend/probe/sources/capped-size.ts'
import { dramBandwidth } from '#backend/probe/sources/dram-bandwidth.ts'
import { isVirtualAdapter } from '#backend/probe/sources/virtual-adapter.ts'

describe('isCapped', () => {
  // 4293918720 and 4294967295 from WMI, 2147479552 from the 32-bit registry value of an Arc A770.
  it.each([4_293_918_720, 4_294_967_295, 4_294_967_296, 2_147_479_552])('%i says "at least"', (bytes) => {
    expect(isCapped(bytes)).toBe(true)
  })

  it.each([2_147_483_648, 1_073_741_824, 12_878_610_432, 3_221_225_472])('%i is a size', (bytes) => {
    expect(isCapped(bytes)).toBe(false)
  })
})

describe('isVirtualAdapter', () => {
  it.each([
    ['Parsec Virtual Display Adapter', 'ROOT\\DISPLAY\\0001'],
    ['Some new thing', 'SWD\\MSRRAS\\0000'],
    ['VMware SVGA 3D', 'PCI\\VEN_15AD&DEV_0405'],
    ['Microsoft Remote Display Adapter', null],
    ['spacedesk Graphics Adapter', null],
  ])('%s (%s) is no GPU', (name, pnpDeviceId) => {
    expect(isVirtualAdapter(name, pnpDeviceId)).toBe(true)
  })

  it.each([
    ['NVIDIA GeForce RTX 4090', 'PCI\\VEN_10DE&DEV_2684&SUBSYS_1'],
    ['Intel(R) HD Graphics 500 (Apollo Lake)', null],
    ['AMD Radeon(TM) 890M Graphics', null],
  ])('%s is one', (name, pnpDeviceId) => {
    expect(isVirtualAdapter(name, pnpDeviceId)).toBe(false)
  })
})

describe('dramBandwidth', () => {
  const dimm = (locator: string, speed = 5600) => ({ widthBits: 64, megatransfersPerSecond: speed, locator })

  it('sums channels, not modules', () => {
    expect(dramBandwidth([dimm('DIMM_A1'), dimm('DIMM_B1')])).toBe(89.6e9)
    const four = ['DIMM_A1', 'DIMM_A2', 'DIMM_B1', 'DIMM_B2'].map((locator) => dimm(locator, 3600))
    expect(dramBandwidth(four)).toBe(57.6e9)
    expect(dramBandwidth([dimm('Controller0-ChannelA-DIMM0'), dimm('Controller0-ChannelB-DIMM0')])).toBe(
      89.6e9,
    )
  })

  it('does not guess the channels of unlabelled modules', () => {
    expect(dramBandwidth([dimm('slot'), dimm('slot')])).toBe(89.6e9)
    expect(dramBandwidth([1, 2, 3, 4].map((slot) => dimm(`slot ${slot}`)))).toBeNull()
    expect(dramBandwidth([])).toBeNull()
  })

  it('counts soldered chips at their own width', () => {
    const chip = { widthBits: 16, megatransfersPerSecond: 8533, locator: 'A' }
    expect(dramBandwidth(Array.from({ length: 8 }, () => chip))).toBe(8 * 2 * 8533e6)
  })
})
