import { expect, it } from 'vitest'
import { measuredFigures } from '#core/measure/measured-figures.ts'
import type { DecodeSpeed, Measurement, PrefillSpeed } from '#core/measure/measurement.ts'

const spread = { lowTokensPerSecond: 9, highTokensPerSecond: 12, repetitions: 7 }
const decode = (depthTokens: number, streams: number, tokensPerSecond: number): DecodeSpeed => ({
  depthTokens,
  streams,
  tokensPerSecond,
  ...spread,
})
const prefill = (promptTokens: number, tokensPerSecond: number): PrefillSpeed => ({
  promptTokens,
  tokensPerSecond,
  ...spread,
})

const measurement: Measurement = {
  schema: 'inhouse/measurement/1',
  id: 'run-00000001',
  measuredAt: '2026-11-24T10:00:00.000Z',
  machine: 'linux/x/2 cores/24 GiB/none',
  machineName: 'x',
  engine: { name: 'llama.cpp', release: 'v0.5.0', nodeLlamaCpp: '3.22.1', backend: 'cpu', threads: 2 },
  method: 'full',
  plan: {
    modelId: 'a/b',
    quantizationId: 'Q4_K_M',
    contextTokens: 8192,
    users: 1,
    kvType: 'f16',
    flashAttention: true,
    mode: 'cpu',
    gpuLayers: 0,
  },
  decode: [decode(0, 1, 11), decode(4096, 1, 10), decode(4000, 2, 5)],
  prefill: [prefill(128, 100), prefill(512, 90)],
  memory: {
    residentBytes: 600,
    mappedBytes: 400,
    anonymousBytes: null,
    baselineBytes: 100,
    acceleratorBytes: null,
    buffers: [],
  },
  othersBusyProcessors: 0,
  tookSeconds: 30,
}

it('takes one stream at the depth nearest to the plan, and the prompt that estimates are quoted for', () => {
  const deep = measuredFigures(measurement, 4000)
  expect(deep.decode).toEqual({
    value: 10,
    unit: 'tokensPerSecond',
    basis: 'measured',
    low: 9,
    high: 12,
    source: 'a dry run of all layers, 4096 tokens in the cache; 10th to 90th percentile of 7 repetitions',
    asOf: '2026-11-24',
  })
  expect([deep.decodeDepthTokens, deep.prefill.value, deep.promptTokens]).toEqual([4096, 90, 512])
  expect(measuredFigures(measurement, 1).decode.value).toBe(11)
})

it.each([
  ['quick', 'a quick dry run'],
  ['full', 'a dry run of all layers'],
  ['real', "a run of the model's own weights"],
] as const)('says of each figure how it was measured: %s', (method, words) => {
  const { decode: speed, took } = measuredFigures({ ...measurement, method }, 0)
  expect(speed).toMatchObject({ basis: 'measured', source: expect.stringContaining(words) })
  expect(took).toMatchObject({ source: `wall time of ${words}` })
})

it('says why what was not measured is not known', () => {
  const { memory } = measuredFigures(measurement, 0)
  expect(memory.resident.value).toBe(600)
  expect(memory.anonymous).toEqual({ value: null, unit: 'bytes', reason: 'the system does not tell' })
  expect(memory.accelerator).toMatchObject({ value: null, reason: 'no layer is on an accelerator' })
  const quick = measuredFigures({ ...measurement, method: 'quick', memory: null, decode: [] }, 0)
  expect(quick.memory.resident).toMatchObject({ reason: 'a quick dry run measures no memory' })
  expect(quick.decode).toMatchObject({ value: null, reason: 'the run timed none' })
})
