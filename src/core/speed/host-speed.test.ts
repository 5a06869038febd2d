import { describe, expect, it } from 'vitest'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'
import type { Cpu, Machine } from '#core/machine/machine.ts'
import { hostSpeed, inferenceCores } from '#core/speed/host-speed.ts'

const { speedModel } = shippedCatalogue
const desktop = whatIfMachine(['none'], 32)

function machineWith(cpu: Partial<Cpu>, bandwidthBytesPerSecond: number | null): Machine {
  return {
    ...desktop,
    cpu: { ...desktop.cpu, ...cpu },
    memory: { ...desktop.memory, bandwidthBytesPerSecond },
  }
}

describe('hostSpeed', () => {
  it.each([
    // Published decode runs, bytes read per token times tokens per second: Ryzen 7 7840HS 58.9 GB/s (8 cores, 89.6),
    // Ryzen 7 5800X3D 41.4 (8 cores, 51.2), Core i7-1185G7 32.1 (4 cores, 51.2).
    [8, 89.6e9, 58.9e9],
    [8, 51.2e9, 41.4e9],
    [4, 51.2e9, 32.1e9],
  ])('%i cores at %d B/s reach near what was measured', (cores, bandwidth, measured) => {
    const machine = machineWith({ physicalCores: cores, usableCores: null }, bandwidth)
    const reached = hostSpeed(machine, speedModel).bytesPerSecond!
    expect(reached / measured).toBeGreaterThan(speedModel.intervals.cpu.low)
    expect(reached / measured).toBeLessThan(speedModel.intervals.cpu.high)
  })

  it('is bound by the cores this process may use', () => {
    const all = hostSpeed(machineWith({ physicalCores: 64, usableCores: 64 }, 460e9), speedModel)
    const two = hostSpeed(machineWith({ physicalCores: 64, usableCores: 2 }, 460e9), speedModel)
    expect(two.bytesPerSecond!).toBe(2 * speedModel.cpu.coreBytesPerSecond)
    expect(all.bytesPerSecond!).toBeGreaterThan(10 * two.bytesPerSecond!)
  })

  it('falls back on the core count, and then on nothing', () => {
    const guessed = hostSpeed(machineWith({}, null), speedModel)
    expect(guessed.guessed).toBe(true)
    expect(guessed.bytesPerSecond!).toBeGreaterThan(0)
    const unknown = machineWith({ physicalCores: null, logicalCores: null, usableCores: null }, null)
    expect(hostSpeed(unknown, speedModel).bytesPerSecond).toBeNull()
  })

  it('takes half of the logical cores where the physical are not known', () => {
    expect(
      inferenceCores(machineWith({ physicalCores: null, logicalCores: 16, usableCores: 16 }, null)),
    ).toBe(8)
  })
})
