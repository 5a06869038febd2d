import { expect, it } from 'vitest'
import type { MaybeFigure } from '#core/figure/figure.ts'
import { estimateError, estimateErrorWords } from '#core/measure/estimate-error.ts'

const figure = (value: number): MaybeFigure => ({
  value,
  unit: 'tokensPerSecond',
  basis: 'estimated',
  source: 'test',
})
const unknown: MaybeFigure = { value: null, unit: 'tokensPerSecond', reason: 'not measured' }

it.each([
  [91, 100, 'the estimate was 9 % low'],
  [150, 100, 'the estimate was 50 % high'],
  [340, 100, 'the estimate was 3.4 times too high'],
  [100.4, 100, 'the estimate was right within 1 %'],
  [1, 4, 'the estimate was 75 % low'],
])('%d estimated, %d measured: %s', (estimated, measured, words) => {
  expect(estimateErrorWords(estimateError(figure(estimated), figure(measured)) ?? Number.NaN)).toBe(words)
})

it('knows none where either figure is not known', () => {
  expect(estimateError(unknown, figure(1))).toBeNull()
  expect(estimateError(figure(1), unknown)).toBeNull()
  expect(estimateError(figure(1), figure(0))).toBeNull()
})
