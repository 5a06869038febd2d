import { describe, expect, it } from 'vitest'
import { planRun, type RunToPlan } from '#core/chat/plan-run.ts'
import type { ModelHeader } from '#core/library/model-header.ts'
import { inferenceThreads } from '#core/speed/host-speed.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'

const { models, quantizations, speedModel } = shippedCatalogue
const model = models.find(({ id }) => id === 'Qwen/Qwen3-8B')!
const quantization = quantizations.find(({ id }) => id === 'Q4_K_M')!

const header = { contextTokens: 40_960 } as ModelHeader

function run(part: Partial<RunToPlan>) {
  return planRun({
    machine: whatIfMachine(['none'], 32),
    speedModel,
    name: 'Qwen3 8B Q4_K_M',
    header,
    fileBytes: 5e9,
    known: { model, quantization, matchedBy: 'name' },
    contextTokens: null,
    gpuLayers: 'auto',
    ...part,
  })
}

describe('planRun', () => {
  it('runs a known model as its plan says, with the context of a chat', () => {
    const planned = run({ machine: whatIfMachine(['RTX 4090'], 64) })
    expect(planned).toMatchObject({ contextTokens: 8192, shortfall: null, noPrediction: null })
    expect(planned.backend).toBe('cuda')
    expect(planned.gpuLayers).toBe(planned.prediction!.totalLayers)
    expect(planned.prediction).toMatchObject({ modelId: 'Qwen/Qwen3-8B', matchedBy: 'name', mode: 'gpu' })
  })

  it('shortens the context until it fits, but keeps the one that was asked for', () => {
    const machine = whatIfMachine(['none'], 8)
    const chosen = run({ machine })
    expect(chosen.contextTokens).toBeLessThan(8192)
    expect(chosen.shortfall).toBeNull()
    const asked = run({ machine, contextTokens: 40_960 })
    expect(asked.contextTokens).toBe(40_960)
    expect(asked.shortfall!.message).toMatch(
      /^Qwen3 8B Q4_K_M with 40k tokens of context takes .* missing\.$/,
    )
  })

  it('never asks for more context than the file allows', () => {
    expect(run({ header: { ...header, contextTokens: 4096 } }).contextTokens).toBe(4096)
    expect(run({ header: { ...header, contextTokens: 4096 }, known: null }).contextTokens).toBe(4096)
  })

  it('goes by the file alone where nobody knows the model, and says so', () => {
    expect(run({ known: null })).toMatchObject({
      backend: 'cpu',
      gpuLayers: 'auto',
      prediction: null,
      noPrediction:
        'no model of the catalogue has the shape of this file, and its header does not say enough',
      shortfall: null,
    })
    expect(run({ known: null, fileBytes: 60e9 }).shortfall!.message).toMatch(
      /^Qwen3 8B Q4_K_M takes about 64/,
    )
  })

  it('predicts the memory of a tiny model, and no speed', () => {
    const tiny = { ...model, parameters: { ...model.parameters, total: 1e6 } }
    const { prediction } = run({ known: { model: tiny, quantization, matchedBy: 'header' } })
    expect(prediction!.memory.value).toBeGreaterThan(0)
    expect(prediction!.decode).toMatchObject({
      value: null,
      reason: expect.stringMatching(/many times larger/),
    })
  })

  it('says that the engine cannot keep only experts in RAM', () => {
    const mixture = models.find(({ id }) => id === 'openai/gpt-oss-120b')!
    const planned = run({
      machine: whatIfMachine(['RTX 4090'], 128),
      known: { model: mixture, quantization, matchedBy: 'name' },
    })
    expect(planned.gpuLayers).toBe('auto')
    expect(planned.noPrediction).toMatch(/experts in RAM/)
  })
})

describe('inferenceThreads', () => {
  const machine = whatIfMachine(['none'], 32)
  const cores = (physicalCores: number, performanceCores: number | null, usableCores: number) =>
    inferenceThreads({
      ...machine,
      cpu: { ...machine.cpu, physicalCores, logicalCores: physicalCores, performanceCores, usableCores },
    })

  it.each([
    ['all alike', cores(8, 8, 8), 8],
    ['fast and slow ones', cores(14, 6, 20), 6],
    ['a container of four', cores(32, 32, 4), 4],
    ['a container smaller than the fast ones', cores(14, 6, 2), 2],
    ['kinds unknown', cores(4, null, 8), 4],
  ])('%s', (_, threads, expected) => expect(threads).toBe(expected))
})
