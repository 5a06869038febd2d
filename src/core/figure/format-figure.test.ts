import { describe, expect, it } from 'vitest'
import {
  formatContext,
  formatCount,
  formatFigure,
  formatFigureValue,
  formatFileSize,
  formatInterval,
  formatMemory,
  formatNumber,
  formatParameters,
  formatSpeed,
} from '#core/figure/format-figure.ts'
import type { Figure } from '#core/figure/figure.ts'

const speed: Figure = {
  value: 38.2,
  unit: 'tokensPerSecond',
  basis: 'estimated',
  low: 32.1,
  high: 44.4,
  source: 'formula',
}

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.1234, '0.123'],
    [4.5678, '4.57'],
    [78.94, '78.9'],
    [999.6, '1,000'],
    [1234, '1,230'],
    [1_234_567, '1,230,000'],
  ])('three significant digits of %f', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  it.each([
    [0.04, '0.04'],
    [8.44, '8.4'],
    [9.96, '10'],
    [38.2, '38'],
    [1234, '1,230'],
  ])('speed %f', (value, text) => {
    expect(formatSpeed(value)).toBe(text)
  })

  it('writes the unit people know the thing by', () => {
    expect(formatMemory(24 * 1024 ** 3)).toBe('24 GiB')
    expect(formatFileSize(4_920_000_000)).toBe('4.92 GB')
    expect(formatContext(8192)).toBe('8k')
    expect(formatContext(1_048_576)).toBe('1M')
    expect(formatContext(10_000)).toBe('10,000')
    expect(formatParameters(8_030_261_248)).toBe('8.03B')
    expect(formatParameters(596_049_920)).toBe('596M')
    expect(formatCount(131_072)).toBe('131,072')
    expect(formatCount(999)).toBe('999')
  })
})

describe('figures', () => {
  it('shows a wide interval and keeps a narrow one for the detail', () => {
    expect(formatFigure(speed)).toBe('38 tok/s (32–44)')
    expect(formatFigure({ ...speed, low: 36, high: 40 })).toBe('38 tok/s')
    expect(formatFigureValue(speed)).toBe('38 tok/s')
    expect(formatInterval(speed)).toBe('32–44')
  })

  it('never shows an index without its interval', () => {
    const quality: Figure = {
      value: 62.9,
      unit: 'indexPoints',
      basis: 'estimated',
      low: 60.4,
      high: 65.2,
      source: 'index',
    }
    expect(formatFigure(quality)).toBe('63 (60–65)')
  })

  it('says why a figure is not known', () => {
    expect(formatFigure({ value: null, unit: 'percent', reason: 'clearly worse; test it' })).toBe(
      'not known (clearly worse; test it)',
    )
  })
})
