// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { keyOfSimulation } from '#core/plan/apply-simulation.ts'
import { describePlan } from '#core/plan/evaluate-plan.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import type { Simulation } from '#core/plan/simulation.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'
import { askablePlan, exactNumbers } from './askable-plan.ts'

const { models, quantizations, speedModel } = shippedCatalogue
const here = { ...whatIfMachine(['none'], 32), asIf: false }

function requestWith(part: Partial<PlanRequest>): PlanRequest {
  return {
    machine: here,
    model: models.find(({ id }) => id === 'Qwen/Qwen3-8B')!,
    quantization: quantizations.find(({ id }) => id === 'Q4_K_M')!,
    contextTokens: 8192,
    users: 2,
    kvType: 'f16',
    engine: 'llama.cpp',
    ...part,
  }
}

function plan(part: Partial<PlanRequest> = {}) {
  const request = requestWith(part)
  const numbers = planNumbers(request, speedModel)
  return { request, numbers, askable: askablePlan(request, numbers) }
}

/** An answer of the allocator to the plain plan. */
const SIMULATION: Simulation = {
  modelId: 'Qwen/Qwen3-8B',
  quantizationId: 'Q4_K_M',
  contextTokens: 8192,
  users: 2,
  kvType: 'f16',
  flashAttention: true,
  backend: 'cpu',
  gpuLayers: 0,
  host: { weightsBytes: 5e9, contextBytes: 3e9 },
  device: { weightsBytes: 0, contextBytes: 0 },
  engineRelease: 'v0',
  seconds: 0.1,
}
const KNOWN = new Map([[keyOfSimulation(SIMULATION), SIMULATION]])

describe('a plan the allocator is asked about', () => {
  it('is asked as it stands, and recognizes the answer', () => {
    const { request, numbers, askable } = plan()
    expect(askable.refused).toBeNull()
    expect(askable.wish).toEqual({
      modelId: 'Qwen/Qwen3-8B',
      quantizationId: 'Q4_K_M',
      contextTokens: 8192,
      users: 2,
      kvType: 'f16',
      gpuLayers: 'auto',
      useReserve: false,
      backend: null,
    })
    const { memory } = describePlan(request, exactNumbers(numbers, askable, KNOWN))
    expect(memory.weights).toMatchObject({ value: 5e9, basis: 'simulated' })
  })

  it('keeps its estimate when the answer is to another plan', () => {
    const { numbers, askable } = plan({ contextTokens: 4096 })
    expect(exactNumbers(numbers, askable, KNOWN)).toBe(numbers)
  })

  it.each([
    ['as-if', { machine: { ...here, asIf: true } }],
    ['engine', { engine: 'mlx' }],
    ['flash-attention', { flashAttention: false }],
  ] as const)('is refused: %s', (refused, part) => {
    const { numbers, askable } = plan(part)
    expect(askable.refused).toBe(refused)
    expect(exactNumbers(numbers, askable, KNOWN)).toBe(numbers)
  })
})
