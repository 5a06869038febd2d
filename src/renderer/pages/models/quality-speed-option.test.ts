import { describe, expect, it } from 'vitest'
import { chartPalette } from '../../components/charts/chart-palette.ts'
import { qualitySpeedOption } from './quality-speed-option.ts'
import type { QualitySpeedPoint } from './quality-speed-option.ts'

function point(part: Partial<QualitySpeedPoint>): QualitySpeedPoint {
  return {
    id: 'a',
    name: 'A',
    tight: false,
    tokensPerSecond: 10,
    speedInterval: null,
    quality: 50,
    qualityInterval: null,
    onFront: false,
    chosen: false,
    summary: 'A',
    ...part,
  }
}

const texts = { speedAxis: 'speed', qualityAxis: 'quality' }

function seriesOf(points: readonly QualitySpeedPoint[]) {
  const { series } = qualitySpeedOption(points, texts, chartPalette('light'))
  if (!Array.isArray(series)) throw new Error('the chart has three series')
  const [front, whiskers, marks] = series
  return { front: front?.data, whiskers: whiskers?.data, marks: marks?.data }
}

describe('qualitySpeedOption', () => {
  it('draws the front from slow to fast, and nothing else on it', () => {
    const { front } = seriesOf([
      point({ id: 'fast', tokensPerSecond: 90, quality: 30, onFront: true }),
      point({ id: 'beaten', tokensPerSecond: 20, quality: 20 }),
      point({ id: 'good', tokensPerSecond: 5, quality: 80, onFront: true }),
    ])
    expect(front).toEqual([
      [5, 80],
      [90, 30],
    ])
  })

  it('draws the interval of the chosen point only', () => {
    const interval = { speedInterval: [8, 12], qualityInterval: [40, 60] } as const
    expect(seriesOf([point(interval)]).whiskers).toEqual([])
    expect(seriesOf([point({ ...interval, chosen: true })]).whiskers).toEqual([
      [8, 50],
      [12, 50],
      [null, null],
      [10, 40],
      [10, 60],
      [null, null],
    ])
  })

  it('tells tight from fitting by shape, and carries the id that a click picks', () => {
    const marks = seriesOf([point({ id: 'a' }), point({ id: 'b', tight: true })]).marks
    expect(marks).toMatchObject([
      { id: 'a', symbol: 'circle', value: [10, 50] },
      { id: 'b', symbol: 'diamond' },
    ])
  })

  it('never takes a name for a style of rich text', () => {
    const { tooltip } = qualitySpeedOption([point({})], texts, chartPalette('dark'))
    if (tooltip === undefined || Array.isArray(tooltip) || typeof tooltip.formatter !== 'function') {
      throw new Error('the tooltip has a formatter')
    }
    const text = tooltip.formatter({ data: { summary: '{red|Evil}\n50' } } as never, '', () => undefined)
    expect(text).toBe('red|Evil\n50')
    expect(tooltip.renderMode).toBe('richText')
  })
})
