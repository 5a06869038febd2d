import { expect, it } from 'vitest'
import { withinTime } from '#backend/llama/worker/within-time.ts'

it('gives what the work gives, and throws what it throws', () => {
  expect(withinTime(10, () => 7)).toBe(7)
  expect(() =>
    withinTime(10, () => {
      throw new RangeError('no')
    }),
  ).toThrow(RangeError)
})

it('ends work that never ends, and goes on with the next', () => {
  expect(() =>
    withinTime(0.05, () => {
      for (;;);
    }),
  ).toThrow(/timed out/)
  expect(withinTime(10, () => 'next')).toBe('next')
})
