import { describe, expect, it } from 'vitest'
import { mapModule, parsePeftName } from '#backend/gguf/adapter/tensor-names.ts'

describe('parsePeftName', () => {
  it('splits what PEFT writes', () => {
    expect(
      [
        'base_model.model.model.layers.3.self_attn.q_proj.lora_A.weight',
        'base_model.model.model.layers.3.mlp.up_proj.lora_B.default.weight',
        'base_model.model.lm_head.weight',
        'base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector',
      ].map(parsePeftName),
    ).toEqual([
      { module: 'model.layers.3.self_attn.q_proj', side: 'a' },
      { module: 'model.layers.3.mlp.up_proj', side: 'b' },
      null,
      null,
    ])
  })
})

describe('mapModule', () => {
  it.each([
    ['llama', 'model.layers.3.self_attn.q_proj', 'blk.3.attn_q.weight', 'query'],
    ['granite', 'model.layers.0.self_attn.k_proj', 'blk.0.attn_k.weight', 'key'],
    ['qwen3', 'model.layers.12.self_attn.q_proj', 'blk.12.attn_q.weight', null],
    ['gemma3', 'model.language_model.layers.1.mlp.down_proj', 'blk.1.ffn_down.weight', null],
    ['mistral3', 'language_model.model.layers.1.self_attn.o_proj', 'blk.1.attn_output.weight', null],
    ['phi3', 'model.layers.2.self_attn.qkv_proj', 'blk.2.attn_qkv.weight', null],
    ['phi3', 'model.layers.2.mlp.gate_up_proj', 'blk.2.ffn_up.weight', null],
  ])('places a matrix of %s: %s', (architecture, module, name, reordered) => {
    expect(mapModule(architecture, module)).toMatchObject({ name, reordered })
  })

  it.each([
    ['llama', 'model.embed_tokens'],
    ['llama', 'lm_head'],
    ['llama', 'model.layers.0.self_attn.qkv_proj'],
    ['llama', 'model.layers.0.constructor'],
    ['qwen3moe', 'model.layers.0.mlp.experts.7.up_proj'],
    ['phi3', 'model.layers.0.self_attn.q_proj'],
    ['toString', 'model.layers.0.self_attn.q_proj'],
    ['llama', 'vision_tower.encoder.layers.0.self_attn.q_proj'],
  ])('knows no place in %s for %s', (architecture, module) => {
    expect(mapModule(architecture, module)).toBeNull()
  })
})
