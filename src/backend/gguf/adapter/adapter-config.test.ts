import { describe, expect, it } from 'vitest'
import { parseAdapterConfig } from '#backend/gguf/adapter/adapter-config.ts'

const plain = {
  peft_type: 'LORA',
  r: 8,
  lora_alpha: 16,
  use_rslora: false,
  alpha_pattern: {},
  rank_pattern: null,
}

describe('parseAdapterConfig', () => {
  it('reads rank and strength', () => {
    expect(parseAdapterConfig(JSON.stringify(plain))).toEqual({ rank: 8, alpha: 16, isRankStabilized: false })
    expect(parseAdapterConfig(JSON.stringify({ ...plain, use_rslora: true }))).toMatchObject({
      isRankStabilized: true,
    })
  })

  it.each([
    ['IA3', { peft_type: 'IA3' }],
    ['DoRA', { use_dora: true }],
    ['fan_in_fan_out', { fan_in_fan_out: true }],
    ['alpha_pattern', { alpha_pattern: { q_proj: 4 } }],
    ['rank_pattern', { use_rslora: true, rank_pattern: { q_proj: 4 } }],
    ['lora_alpha', { lora_alpha: 'much' }],
  ])('refuses %s by name', (name, change) => {
    const parse = () => parseAdapterConfig(JSON.stringify({ ...plain, ...change }))
    expect(parse).toThrow(
      expect.objectContaining({ code: 'FILE_INVALID', message: expect.stringContaining(name) }),
    )
  })

  it('refuses what is no JSON', () => {
    expect(() => parseAdapterConfig('r: 8')).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }))
  })
})
