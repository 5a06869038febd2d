import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Model } from '#core/model/model.ts'
import { findQuantization } from '#core/quant/find-quantization.ts'
import { quantizedTensors } from '#core/quant/quantized-tensors.ts'
import type { Quantization } from '#core/quant/quantization.ts'

function readRecords<T>(name: string): readonly T[] {
  const text = readFileSync(new URL(`../../../data/${name}.json`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { records: readonly T[] }).records
}

const models = readRecords<Model>('models')
const quantizations = readRecords<Quantization>('quantizations')

/** Types of the tensors whose names end so, in the order of the layers. */
function typesOf(modelId: string, quantizationId: string, ending: string): readonly string[] {
  const model = models.find((record) => record.id === modelId)
  const found = findQuantization(quantizationId, quantizations)
  if (model === undefined || found.kind !== 'found') throw new Error(`no ${modelId} at ${quantizationId}`)
  return quantizedTensors(model, found.record)
    .filter(({ tensor }) => tensor.name.endsWith(ending))
    .map(({ type }) => type.name)
}

const LLAMA = 'meta-llama/Llama-3.1-8B-Instruct'

/** Layers 0 to 31 that get more bits: the first four, the last four and every third between. */
const MORE_BITS = [0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24, 27, 28, 29, 30, 31]

// Expected types: llama.cpp's quantizer (src/llama-quant.cpp, v0.5.0) and the tensor lists of published files.
describe('recipes of llama.cpp', () => {
  it('Q4_K_M keeps half of attn_v and ffn_down at Q6_K, and the head', () => {
    const expected = Array.from({ length: 32 }, (_, layer) => (MORE_BITS.includes(layer) ? 'Q6_K' : 'Q4_K'))
    expect(typesOf(LLAMA, 'Q4_K_M', 'ffn_down.weight')).toEqual(expected)
    expect(typesOf(LLAMA, 'Q4_K_M', 'attn_v.weight')).toEqual(expected)
    expect(new Set(typesOf(LLAMA, 'Q4_K_M', 'attn_q.weight'))).toEqual(new Set(['Q4_K']))
    expect(typesOf(LLAMA, 'Q4_K_M', 'output.weight').slice(0, 1)).toEqual(['Q6_K'])
    expect(typesOf(LLAMA, 'Q4_K_M', 'token_embd.weight')).toEqual(['Q4_K'])
  })

  it('leaves norms and routers at F32', () => {
    expect(new Set(typesOf(LLAMA, 'Q2_K', '_norm.weight'))).toEqual(new Set(['F32']))
    expect(new Set(typesOf('Qwen/Qwen3-30B-A3B', 'Q4_K_M', 'ffn_gate_inp.weight'))).toEqual(new Set(['F32']))
  })

  it('stores tied embeddings like a head', () => {
    expect(typesOf('meta-llama/Llama-3.2-1B-Instruct', 'Q4_K_M', 'token_embd.weight')).toEqual(['Q6_K'])
    expect(typesOf('meta-llama/Llama-3.2-1B-Instruct', 'IQ2_XS', 'token_embd.weight')).toEqual(['Q5_K'])
  })

  it('gives attn_v of an 80-layer Llama at least Q5_K', () => {
    expect(new Set(typesOf('meta-llama/Llama-3.3-70B-Instruct', 'Q3_K_S', 'attn_v.weight'))).toEqual(
      new Set(['Q5_K']),
    )
  })

  it('gives attention of eight experts eight bits', () => {
    const mixtral = 'mistralai/Mixtral-8x7B-Instruct-v0.1'
    expect(new Set(typesOf(mixtral, 'Q4_K_M', 'attn_k.weight'))).toEqual(new Set(['Q8_0']))
    expect(new Set(typesOf(mixtral, 'Q4_K_M', 'attn_output.weight'))).toEqual(new Set(['Q5_K']))
  })

  it('widens rows that do not fill a block', () => {
    expect(new Set(typesOf('HuggingFaceTB/SmolLM2-135M-Instruct', 'Q4_K_M', 'attn_q.weight'))).toEqual(
      new Set(['Q5_0']),
    )
    expect(new Set(typesOf('Qwen/Qwen2.5-72B-Instruct', 'IQ2_XXS', 'ffn_down.weight')).has('IQ2_XXS')).toBe(
      false,
    )
  })

  it('keeps experts released in MXFP4', () => {
    for (const id of ['Q8_0', 'Q4_K_M', 'F16', 'MXFP4'])
      expect(new Set(typesOf('openai/gpt-oss-20b', id, 'ffn_up_exps.weight'))).toEqual(new Set(['MXFP4']))
    expect(new Set(typesOf('openai/gpt-oss-20b', 'MXFP4', 'attn_q.weight'))).toEqual(new Set(['Q8_0']))
  })

  it('uses an importance matrix where the file was made with one', () => {
    const llama = models.find((record) => record.id === LLAMA)
    const found = findQuantization('IQ4_XS', quantizations)
    if (llama === undefined || found.kind !== 'found') throw new Error('catalogue changed')
    const down = (usesImportanceMatrix: boolean): readonly string[] =>
      quantizedTensors(llama, { ...found.record, usesImportanceMatrix })
        .filter(({ tensor }) => tensor.name.endsWith('ffn_down.weight'))
        .map(({ type }) => type.name)
    expect(new Set(down(true))).toEqual(new Set(['IQ4_XS']))
    expect(down(false).slice(0, 5)).toEqual(['Q5_K', 'Q5_K', 'Q5_K', 'Q5_K', 'IQ4_XS'])
  })
})

describe('findQuantization', () => {
  it.each([
    ['q4km', 'Q4_K_M'],
    ['Q4_K_M', 'Q4_K_M'],
    ['q4', 'Q4_K_M'],
    ['4bit', 'MLX-4bit'],
    ['fp16', 'F16'],
    ['int4', 'AWQ'],
    ['UD-Q4_K_XL', 'UD-Q4_K_XL'],
    ['Q4_K_L', 'Q4_K_L'],
  ])('knows %s as %s', (query, id) => {
    const result = findQuantization(query, quantizations)
    expect(result.kind === 'found' && result.record.id).toBe(id)
  })

  it('names the nearest for one it does not know', () => {
    const result = findQuantization('Q4_K_Q', quantizations)
    expect(result.kind === 'unknown' && result.nearest.map((record) => record.id)).toContain('Q4_K_M')
  })

  it('has a unique name for each', () => {
    const names = quantizations.flatMap(({ aliases, id }) =>
      [id, ...aliases].map((name) => name.toLowerCase()),
    )
    expect(new Set(names).size).toBe(names.length)
  })
})
