import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantile } from '#core/measure/quantile.ts'

describe('quantile', () => {
  it.each([
    // By hand, type 7 of Hyndman and Fan (1996): place (n - 1) · share between the sorted values.
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[10, 20, 30, 40, 50], 0.1, 14],
    [[10, 20, 30, 40, 50], 0.9, 46],
    [[7], 0.9, 7],
    [[5, 1], 0, 1],
    [[5, 1], 1, 5],
  ])('of %o at %d is %d', (values, share, expected) => {
    expect(quantile(values, share)).toBeCloseTo(expected, 12)
  })

  it('is not a number where there are no values', () => {
    expect(quantile([], 0.5)).toBeNaN()
  })

  it('lies between the least and the greatest, grows with the share, and leaves its values as they were', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 })
    fc.assert(
      fc.property(values, share, share, (all, one, other) => {
        const before = [...all]
        const lower = quantile(all, Math.min(one, other))
        const upper = quantile(all, Math.max(one, other))
        expect(all).toEqual(before)
        // Interpolation rounds: a part in 10^9 of the values' size.
        expect(upper - lower).toBeGreaterThanOrEqual(-1e-3)
        expect(lower).toBeGreaterThanOrEqual(Math.min(...all) - 1e-3)
        expect(upper).toBeLessThanOrEqual(Math.max(...all) + 1e-3)
      }),
    )
  })
})
