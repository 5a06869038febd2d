import { expect, it } from 'vitest'
import { expectedFirstToken } from '#core/chat/expected-first-token.ts'
import type { Figure } from '#core/figure/figure.ts'

const speed = (value: number, low: number, high: number): Figure => ({
  value,
  low,
  high,
  unit: 'tokensPerSecond',
  basis: 'estimated',
  source: 'a test',
})

it('reads what is new and decodes one token; the slower end of speeds is the later end of the time', () => {
  const expected = expectedFirstToken({ prefill: speed(100, 50, 200), decode: speed(10, 5, 20) }, 400)
  expect(expected).toMatchObject({ value: 4.1, low: 2.05, high: 8.2, unit: 'seconds', basis: 'estimated' })
})

it('is not known where a speed is not', () => {
  const unknown = { value: null, unit: 'tokensPerSecond', reason: 'nobody timed it' } as const
  expect(expectedFirstToken({ prefill: unknown, decode: speed(10, 5, 20) }, 1)).toEqual({
    value: null,
    unit: 'seconds',
    reason: 'nobody timed it',
  })
})
