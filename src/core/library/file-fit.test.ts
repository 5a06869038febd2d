import { describe, expect, it } from 'vitest'
import { fileFit } from '#core/library/file-fit.ts'
import type { ModelHeader } from '#core/library/model-header.ts'
import type { Machine } from '#core/machine/machine.ts'
import { memoryPools } from '#core/machine/memory-pools.ts'
import { evaluatePlan } from '#core/plan/evaluate-plan.ts'
import { gibibytesToBytes } from '#core/units/units.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

const { models, quantizations, speedModel } = shippedCatalogue

function machineWith(freeGibibytes: number): Machine {
  return {
    os: { platform: 'linux', name: null, version: null, architecture: 'x64', virtualization: null },
    cpu: {
      name: null,
      vendor: null,
      physicalCores: 8,
      logicalCores: 8,
      performanceCores: null,
      usableCores: 8,
      features: [],
    },
    memory: {
      totalBytes: gibibytesToBytes(freeGibibytes),
      freeBytes: gibibytesToBytes(freeGibibytes),
      limitBytes: gibibytesToBytes(freeGibibytes),
      bandwidthBytesPerSecond: null,
    },
    accelerators: [],
    disks: [],
    backends: ['cpu'],
    sources: {},
    warnings: [],
    scannedAt: '2026-11-23T10:00:00.000Z',
    asIf: false,
  }
}

const header: ModelHeader = {
  kind: 'model',
  architecture: 'qwen3',
  name: 'Qwen3 8B',
  baseName: null,
  sizeLabel: null,
  repositories: [],
  quantizationId: 'Q4_K_M',
  quantizationName: 'Q4_K_M',
  parameters: 8.2e9,
  contextTokens: 40_960,
  license: null,
  hasChatTemplate: true,
  sampling: {},
  shape: { layers: 36, hidden: 4096, heads: 32, kvHeads: 8, ffn: 12_288, experts: null, vocabulary: 151_936 },
}

describe('fileFit', () => {
  it('is the plan of its catalogue model for a chat', () => {
    const machine = machineWith(32)
    const fit = fileFit({ header, fileBytes: 5.03e9, modelId: 'Qwen/Qwen3-8B' }, machine, shippedCatalogue)
    const plan = evaluatePlan(
      {
        machine,
        model: models.find(({ id }) => id === 'Qwen/Qwen3-8B')!,
        quantization: quantizations.find(({ id }) => id === 'Q4_K_M')!,
        contextTokens: 8192,
        users: 1,
        kvType: 'f16',
        engine: 'llama.cpp',
      },
      speedModel,
    )
    expect(fit).toMatchObject({ fit: 'fits', contextTokens: 8192, memory: plan.memory.total })
    const small = fileFit(
      { header, fileBytes: 5.03e9, modelId: 'Qwen/Qwen3-8B' },
      machineWith(4),
      shippedCatalogue,
    )
    expect(small?.fit).toBe('no')
  })

  it('asks for no more context than the model handles', () => {
    const short = { ...header, contextTokens: 2048 }
    const fit = fileFit({ header: short, fileBytes: 1e9, modelId: null }, machineWith(32), shippedCatalogue)
    expect(fit?.contextTokens).toBe(2048)
  })

  it('of a stranger is its length and an allowance', () => {
    const machine = machineWith(16)
    const budgetBytes = memoryPools(machine, { useReserve: false }).reduce(
      (sum, pool) => sum + pool.budgetBytes,
      0,
    )
    const fitOf = (share: number) =>
      fileFit(
        {
          header: { ...header, architecture: 'nobodys' },
          fileBytes: Math.round((budgetBytes * share) / 1.15),
          modelId: null,
        },
        machine,
        shippedCatalogue,
      )
    expect(fitOf(0.5)).toMatchObject({ fit: 'fits', budgetBytes, memory: { basis: 'estimated' } })
    expect(fitOf(0.95)?.fit).toBe('tight')
    expect(fitOf(1.05)?.fit).toBe('no')
  })

  it('is asked of models only', () => {
    const adapter = { ...header, kind: 'adapter' } as const
    expect(
      fileFit({ header: adapter, fileBytes: 1e7, modelId: null }, machineWith(16), shippedCatalogue),
    ).toBeNull()
  })
})
