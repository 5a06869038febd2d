import { describe, expect, it } from 'vitest'
import type { Figure } from '#core/figure/figure.ts'
import { figureText, intervalText } from './figure-text.ts'

const speed: Figure = {
  value: 38.2,
  unit: 'tokensPerSecond',
  basis: 'estimated',
  low: 32.1,
  high: 44.4,
  source: 'formula',
}
const file: Figure = { value: 4_920_000_000, unit: 'bytes', basis: 'estimated', source: 'blueprint' }

describe('a figure taken apart', () => {
  it('keeps a wide interval beside the value', () => {
    expect(figureText(speed)).toEqual({ number: '38', unit: ' tok/s', interval: ' (32–44)' })
  })

  it('leaves a narrow interval to the detail', () => {
    const narrow = { ...speed, low: 37, high: 39 }
    expect(figureText(narrow).interval).toBe('')
    expect(intervalText(narrow)).toBe('37–39 tok/s')
  })

  it('does not tell of an interval whose ends read the same', () => {
    expect(intervalText({ ...file, low: 4_919_000_000, high: 4_920_000_000 })).toBeNull()
  })

  it('shows memory in GiB and files in GB', () => {
    expect(figureText(file)).toEqual({ number: '4.58', unit: ' GiB', interval: '' })
    expect(figureText(file, 'file')).toEqual({ number: '4.92', unit: ' GB', interval: '' })
  })

  it('has no interval to tell of an unknown figure', () => {
    expect(intervalText({ value: null, unit: 'bytes', reason: 'nobody measured it' })).toBeNull()
  })
})
