import { expect, it } from 'vitest'
import type { MeasureUpdate } from '#contract/measuring.ts'
import { machineProgressText, measureProgressText } from './measure-progress-text.ts'

const update: MeasureUpdate = {
  stage: 'loading',
  fraction: 0.042,
  secondsLeft: null,
  residentBytes: null,
  sample: null,
}
const sample = { kind: 'decode', layers: 30, depthTokens: 4096, streams: 1, tokensPerSecond: 38.4 } as const

it.each([
  [update, ' 4 % · loading'],
  [
    {
      ...update,
      stage: 'decode',
      fraction: 0.617,
      secondsLeft: 11.2,
      residentBytes: 4.5 * 1024 ** 3,
      sample,
    },
    '61 % · decoding at 4,096 tokens, 38 tok/s · 4.5 GiB · 12 s left',
  ],
  [
    { ...update, stage: 'decode', fraction: 0.9, sample: { ...sample, depthTokens: 16, streams: 8 } },
    '90 % · decoding at 16 tokens, 8 streams, 38 tok/s',
  ],
  [
    { ...update, stage: 'prefill', fraction: 0.5, sample: { ...sample, kind: 'prefill' } },
    '50 % · processing prompts, 38 tok/s',
  ],
] satisfies readonly (readonly [MeasureUpdate, string])[])('%j is "%s"', (given, text) => {
  expect(measureProgressText(given)).toBe(text)
  // A longer line would wrap, and the next could not be written over it.
  expect(text.length).toBeLessThan(79)
})

it('says what of the machine is timed', () => {
  expect(machineProgressText({ fraction: 0.3333, step: 'Q4_K_M, decoding' })).toBe('33 % · Q4_K_M, decoding')
})
