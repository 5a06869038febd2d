import { describe, expect, it } from 'vitest'
import type { MetadataValue } from '#backend/gguf/metadata-entry.ts'
import { modelMetadata } from '#backend/gguf/model-metadata.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

function metadataOf(id: string): ReadonlyMap<string, MetadataValue['value']> {
  const model = shippedCatalogue.models.find((one) => one.id === id)
  if (model === undefined) throw new Error(`${id} is not in the catalogue`)
  return new Map(modelMetadata(model).map(({ key, value }) => [key, value.value] as const))
}

/** What published GGUF files of these models say, under the same keys. */
describe('modelMetadata', () => {
  it('describes a dense model', () => {
    const metadata = metadataOf('meta-llama/Llama-3.1-8B-Instruct')
    expect(Object.fromEntries([...metadata].filter(([key]) => !key.startsWith('tokenizer.')))).toMatchObject({
      'general.architecture': 'llama',
      'llama.block_count': 32,
      'llama.context_length': 131_072,
      'llama.embedding_length': 4096,
      'llama.feed_forward_length': 14_336,
      'llama.attention.head_count': 32,
      'llama.attention.head_count_kv': 8,
      'llama.attention.key_length': 128,
      'llama.attention.value_length': 128,
      'llama.rope.dimension_count': 128,
      'llama.vocab_size': 128_256,
    })
    expect((metadata.get('tokenizer.ggml.tokens') as readonly string[]).length).toBe(128_256)
  })

  it('says which layers of a sliding-window model see everything', () => {
    const metadata = metadataOf('google/gemma-3-1b-it')
    expect(metadata.get('gemma3.attention.sliding_window')).toBe(512)
    const pattern = metadata.get('gemma3.attention.sliding_window_pattern') as readonly boolean[]
    expect(pattern.flatMap((windowed, layer) => (windowed ? [] : [layer]))).toEqual([5, 11, 17, 23])
  })

  it('says no window where llama.cpp keeps the whole context', () => {
    const keys = [...metadataOf('mistralai/Mistral-7B-Instruct-v0.1').keys()]
    expect(keys.filter((key) => key.includes('sliding_window'))).toEqual([])
  })

  it('describes latent attention as multi-query attention over one row', () => {
    const metadata = metadataOf('deepseek-ai/DeepSeek-V3')
    expect(metadata.get('deepseek2.attention.head_count_kv')).toBe(1)
    expect(metadata.get('deepseek2.attention.key_length')).toBe(576)
    expect(metadata.get('deepseek2.attention.value_length')).toBe(512)
    expect(metadata.get('deepseek2.attention.key_length_mla')).toBe(192)
    expect(metadata.get('deepseek2.attention.value_length_mla')).toBe(128)
    expect(metadata.get('deepseek2.leading_dense_block_count')).toBe(3)
    expect(metadata.get('deepseek2.expert_count')).toBe(256)
  })

  it('gives recurrent layers no K/V heads', () => {
    const metadata = metadataOf('ibm-granite/granite-4.0-h-micro')
    const heads = Array.from(metadata.get('granitehybrid.attention.head_count_kv') as ArrayLike<number>)
    expect(heads.flatMap((count, layer) => (count === 0 ? [] : [layer]))).toEqual([5, 15, 25, 35])
    expect(metadata.get('granitehybrid.ssm.inner_size')).toBe(4096)
  })

  it('tells the two widths of Gemma 4 apart', () => {
    const metadata = metadataOf('google/gemma-4-E2B-it')
    expect(metadata.get('gemma4.attention.key_length')).toBe(512)
    expect(metadata.get('gemma4.attention.key_length_swa')).toBe(256)
    expect(metadata.get('gemma4.attention.shared_kv_layers')).toBe(20)
    const widths = Array.from(metadata.get('gemma4.feed_forward_length') as ArrayLike<number>)
    expect([widths[14], widths[15]]).toEqual([6144, 12_288])
  })

  it('has no key twice, for a model of every architecture', () => {
    const byArchitecture = new Map(shippedCatalogue.models.map((model) => [model.architecture.gguf, model]))
    for (const model of byArchitecture.values()) {
      if (model.architecture.gguf === null) continue
      const keys = modelMetadata(model).map(({ key }) => key)
      expect(keys.length, `${model.id}`).toBe(new Set(keys).size)
    }
  })
})
