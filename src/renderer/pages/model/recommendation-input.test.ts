import { describe, expect, it } from 'vitest'
import { DEFAULT_NEEDS } from '#core/advise/needs.ts'
import type { Model } from '#core/model/model.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import { PLAIN_PLAN_VIEW } from './plan-view.ts'
import { recommendationInput } from './recommendation-input.ts'
import type { PlanSubject } from './recommendation-input.ts'

const quantization = (id: string): Quantization => ({ id }) as Quantization

const subject = {
  model: { architecture: { contextTokens: 40_960, layers: 36 } } as Model,
  needs: { ...DEFAULT_NEEDS, contextTokens: 8192, users: 3 },
  standard: quantization('Q5_K_M'),
  quantizations: [quantization('Q4_K_M'), quantization('Q5_K_M')],
} as unknown as PlanSubject

describe('recommendationInput', () => {
  it('is the needs and the best plan while the address says nothing', () => {
    const input = recommendationInput(subject, PLAIN_PLAN_VIEW)
    expect(input.quantization.id).toBe('Q5_K_M')
    expect(input.needs).toEqual(subject.needs)
    expect(input).toMatchObject({ kvType: 'f16', gpuLayers: 'auto', flashAttention: true })
  })

  it('takes what the address says, within what the model can do', () => {
    const view = { ...PLAIN_PLAN_VIEW, quantizationId: 'Q4_K_M', contextTokens: 1e6, users: 7, gpuLayers: 99 }
    const input = recommendationInput(subject, view)
    expect(input.quantization.id).toBe('Q4_K_M')
    expect(input.needs).toMatchObject({ contextTokens: 40_960, users: 7 })
    expect(input.gpuLayers).toBe(37)
  })

  it('falls back to the best plan for a quantization that does not exist', () => {
    expect(recommendationInput(subject, { ...PLAIN_PLAN_VIEW, quantizationId: 'Q9' }).quantization.id).toBe(
      'Q5_K_M',
    )
  })
})
