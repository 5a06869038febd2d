import { describe, expect, it } from 'vitest'
import type { RunPrediction } from '#core/chat/run-prediction.ts'
import { calibrateSpeedModel } from '#core/measure/calibrate-speed-model.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import { measurementOfSmoke } from '#core/smoke/measurement-of-smoke.ts'
import type { SmokeRecord } from '#core/smoke/smoke-record.ts'
import { sampleSmoke } from '../../../test/measurement-samples.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'

const record = sampleSmoke('smoke-000001')
const unknown = { value: null, unit: 'tokensPerSecond', reason: 'not asked here' } as const
const plan: RunPrediction = {
  modelId: 'Qwen/Qwen3-8B',
  modelName: 'Qwen3 8B',
  quantizationId: 'Q4_K_M',
  matchedBy: 'shape',
  mode: 'cpu',
  gpuLayers: 0,
  totalLayers: 37,
  decode: unknown,
  prefill: unknown,
  memory: { value: 1, unit: 'bytes', basis: 'estimated', source: 'nothing' },
  pools: [],
}
const adapters = [{ fileName: 'a.gguf', scale: 1 }]

describe('measurementOfSmoke', () => {
  it('is of the plan that was predicted, with what was timed', () => {
    expect(measurementOfSmoke(record, plan)).toMatchObject({
      id: 'e-000001-smoke-000001',
      method: 'real',
      plan: { modelId: 'Qwen/Qwen3-8B', users: 1, kvType: 'f16', flashAttention: true, contextTokens: 8192 },
      decode: [{ tokensPerSecond: 41.5, depthTokens: 64, streams: 1 }],
      prefill: [{ tokensPerSecond: 210, promptTokens: 512 }],
      memory: { residentBytes: 1_500_000_000, baselineBytes: null },
    })
  })

  it.each<readonly [string, SmokeRecord, RunPrediction | null]>([
    ['nobody knows its shape', record, null],
    ['the catalogue has no such model', record, { ...plan, matchedBy: 'header' }],
    ['an adapter was applied', { ...record, subject: { ...record.subject, adapters } }, plan],
    ['it is an endpoint', { ...record, engine: null, bench: null }, plan],
    ['it was not timed', { ...record, bench: null }, plan],
    ['the layers are elsewhere', { ...record, gpuLayers: 12 }, plan],
  ])('is none where %s', (_, smoke, prediction) => expect(measurementOfSmoke(smoke, prediction)).toBeNull())

  it('corrects the estimates of the machine it is of', () => {
    const machine = whatIfMachine(['none'], 32)
    const here = { ...record, machine: machineFingerprint(machine) }
    const runs = [measurementOfSmoke(here, plan)!]
    const { calibration } = calibrateSpeedModel(shippedCatalogue, machine, { runs, machines: [], smokes: [] })
    expect(calibration?.runs).toHaveLength(1)
    expect(calibration?.runs[0]?.decode[0]?.seconds).toBeCloseTo(1 / 41.5)
  })
})
