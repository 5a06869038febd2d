import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { madeUpMachineSpeed } from '../../../test/made-up-measurement.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'
import type { MachineFormatSpeed } from '#core/measure/measurement.ts'
import { measuredHostRates } from '#core/speed/measured-host.ts'

const machine = whatIfMachine(['none'], 32)

function format(quantizationId: string, readBytesPerSecond: number): MachineFormatSpeed {
  return {
    quantizationId,
    readBytesPerSecond,
    lowReadBytesPerSecond: readBytesPerSecond,
    highReadBytesPerSecond: readBytesPerSecond,
    prefillFlopsPerSecond: 7 * readBytesPerSecond,
  }
}

const ratesOf = (formats: readonly MachineFormatSpeed[], bits: number) =>
  measuredHostRates(madeUpMachineSpeed(machine, { formats }), bits)

describe('measuredHostRates', () => {
  it.each([
    // Blocks of ggml: 34 bytes for 32 weights of Q8_0 are 8.5 bits, F16 has 16. Half way lie 12.25.
    [8.5, 40e9],
    [16, 60e9],
    [12.25, 50e9],
    [10.375, 45e9],
    // Beyond the ends the end's own.
    [2, 40e9],
    [32, 60e9],
  ])('at %d bits reads %d B/s', (bits, expected) => {
    const rates = ratesOf([format('F16', 60e9), format('Q8_0', 40e9)], bits)!
    expect(rates.readBytesPerSecond).toBeCloseTo(expected, 0)
    expect(rates.prefillFlopsPerSecond).toBeCloseTo(7 * expected, 0)
  })

  it('knows one rate where one format was timed', () => {
    for (const bits of [2, 8.5, 16])
      expect(ratesOf([format('Q8_0', 40e9)], bits)!.readBytesPerSecond).toBe(40e9)
  })

  it('leaves out formats whose bits it does not know, and says nothing without any', () => {
    expect(ratesOf([], 4)).toBeNull()
    expect(ratesOf([format('NVFP4', 1)], 4)).toBeNull()
    expect(ratesOf([format('NVFP4', 1), format('F16', 60e9)], 4)!.readBytesPerSecond).toBe(60e9)
  })

  it('never leaves what was measured, whatever the bits', () => {
    const rate = fc.double({ min: 1e9, max: 1e12, noNaN: true })
    const bits = fc.double({ min: 0.5, max: 40, noNaN: true })
    fc.assert(
      fc.property(fc.tuple(rate, rate, rate), bits, (rates, at) => {
        const formats = ['Q4_K_M', 'Q8_0', 'F16'].map((id, index) => format(id, rates[index]!))
        const { readBytesPerSecond } = ratesOf(formats, at)!
        expect(readBytesPerSecond / Math.min(...rates)).toBeGreaterThan(1 - 1e-9)
        expect(readBytesPerSecond / Math.max(...rates)).toBeLessThan(1 + 1e-9)
      }),
    )
  })
})
