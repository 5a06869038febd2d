import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paretoFront, type TradeOff } from '#core/advise/pareto-front.ts'
import { qualityLeft } from '#core/advise/ranking-quality.ts'

describe('paretoFront', () => {
  it('keeps what nothing beats', () => {
    const points: readonly TradeOff[] = [
      { quality: 90, tokensPerSecond: 30, memoryBytes: 20 },
      { quality: 80, tokensPerSecond: 150, memoryBytes: 20 },
      { quality: 79, tokensPerSecond: 140, memoryBytes: 21 },
      { quality: 40, tokensPerSecond: 20, memoryBytes: 2 },
    ]
    expect(paretoFront(points)).toEqual([true, true, false, true])
  })

  it('never leaves out the best of one axis, and never keeps a beaten point', () => {
    const point = fc.record({
      quality: fc.integer({ min: 0, max: 9 }),
      tokensPerSecond: fc.integer({ min: 0, max: 9 }),
      memoryBytes: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 20 }), (points) => {
        const front = points.filter((_, i) => paretoFront(points)[i])
        const best = Math.max(...points.map((each) => each.quality))
        expect(front.some((each) => each.quality === best)).toBe(true)
        for (const each of front) {
          const beaten = points.some(
            (other) =>
              other.quality > each.quality &&
              other.tokensPerSecond > each.tokensPerSecond &&
              other.memoryBytes < each.memoryBytes,
          )
          expect(beaten).toBe(false)
        }
      }),
    )
  })
})

describe('qualityLeft', () => {
  // Averages of ten tasks on published GGUF files of 7B to 30B models, against disagreement of the same types: the
  // lowest of each type. Q4_K_M 99.3 % at 6 to 7 %, Q3_K_M 96.6 % at 11 %, Q2_K_S 87.9 % at 22.7 %.
  it.each([
    ['Q4_K_M', 93.2, 99.3],
    ['Q3_K_M', 88.8, 96.6],
    ['Q2_K_S', 77.3, 87.9],
  ])('stays near the worst published recovery: %s', (_type, agreementPercent, recoveryPercent) => {
    expect(Math.abs(100 * qualityLeft(agreementPercent) - recoveryPercent)).toBeLessThan(1.5)
  })

  it('is never negative and loses nothing when nothing differs', () => {
    expect(qualityLeft(100)).toBe(1)
    expect(qualityLeft(10)).toBe(0)
  })
})
