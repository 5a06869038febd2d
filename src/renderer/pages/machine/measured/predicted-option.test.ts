import { describe, expect, it } from 'vitest'
import { chartPalette } from '../../../components/charts/chart-palette.ts'
import { predictedOption, rangeOf, type PredictedPoint } from './predicted-option.ts'

const POINTS: readonly PredictedPoint[] = [
  { name: 'A', measured: 10, predicted: 20, calibrated: 11, summary: 'A {b}' },
  { name: 'B', measured: 100, predicted: 50, calibrated: null, summary: 'B' },
]
const option = predictedOption(POINTS, { measuredAxis: 'm', predictedAxis: 'p' }, chartPalette('light'))
const series = option.series as readonly { readonly symbol?: string; readonly data: readonly unknown[] }[]

describe('predicted against measured', () => {
  it('has the same ends on both axes, around every speed', () => {
    expect(rangeOf(POINTS)).toEqual([6, 200])
    expect(option.xAxis).toMatchObject({ type: 'log', min: 6, max: 200 })
    expect(option.yAxis).toMatchObject({ type: 'log', min: 6, max: 200 })
  })

  it('draws the diagonal from corner to corner', () => {
    expect(series[0]?.data).toEqual([
      [6, 6],
      [200, 200],
    ])
  })

  it('tells estimates from calibrated ones by their shape, and leaves out what there is not', () => {
    expect(series[1]?.symbol).not.toBe(series[2]?.symbol)
    expect(series[1]?.data).toHaveLength(2)
    expect(series[2]?.data).toHaveLength(1)
  })
})
