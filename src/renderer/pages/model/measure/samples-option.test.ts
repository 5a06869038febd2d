import { describe, expect, it } from 'vitest'
import type { MeasureSample } from '#contract/measuring.ts'
import { chartPalette } from '../../../components/charts/chart-palette.ts'
import { sampleGroup, samplesOption } from './samples-option.ts'

function sample(part: Partial<MeasureSample>): MeasureSample {
  return { kind: 'decode', layers: 30, depthTokens: 0, streams: 1, tokensPerSecond: 50, ...part }
}

const SAMPLES = [sample({}), sample({ kind: 'prefill', tokensPerSecond: 800 }), sample({ streams: 4 })]

function optionOf(samples: readonly MeasureSample[], band: readonly [number, number] | null) {
  const texts = { speedAxis: 's', repetitionAxis: 'r', bandName: 'b' }
  const { series, yAxis } = samplesOption({ samples, band, ...texts }, chartPalette('light'))
  return {
    yAxis,
    series: series as readonly {
      readonly type: string
      readonly symbol?: string
      readonly data: unknown[]
    }[],
  }
}

describe('the chart of repetitions', () => {
  it('gives one answer, several and prompts a shape each', () => {
    expect(SAMPLES.map(sampleGroup)).toEqual(['decode', 'prefill', 'streams'])
    const { series } = optionOf(SAMPLES, null)
    expect(new Set(series.map(({ symbol }) => symbol)).size).toBe(3)
  })

  it('keeps the order in which they ran', () => {
    const { series } = optionOf(SAMPLES, null)
    expect(series.map(({ data }) => data)).toEqual([[[1, 50]], [[3, 50]], [[2, 800]]])
  })

  it('has room for the prediction before anything ran', () => {
    const { yAxis, series } = optionOf([], [20, 80])
    expect(yAxis).toMatchObject({ min: 10, max: 100 })
    expect(series[0]).toMatchObject({ markArea: { data: [[{ yAxis: 20 }, { yAxis: 80 }]] } })
  })
})
