import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findModel } from '#core/model/find-model.ts'
import type { Model } from '#core/model/model.ts'

const file = new URL('../../../data/models.json', import.meta.url)
const { records } = JSON.parse(readFileSync(file, 'utf8')) as { records: readonly Model[] }

function found(query: string): string {
  const result = findModel(query, records)
  return result.kind === 'found' ? result.record.id : result.kind
}

describe('findModel', () => {
  it.each(records.map((record) => [record.id, record.name] as const))(
    'finds %s by id, last part and name',
    (id, name) => {
      expect(found(id)).toBe(id)
      expect(found(id.toUpperCase().replaceAll('-', ' '))).toBe(id)
      expect(found(id.slice(id.indexOf('/') + 1))).toBe(id)
      expect(found(name)).toBe(id)
    },
  )

  it.each([
    ['llama-3.1-8b', 'meta-llama/Llama-3.1-8B-Instruct'],
    ['llama3.1:8b', 'meta-llama/Llama-3.1-8B-Instruct'],
    ['Meta-Llama-3.1-8B-Instruct-GGUF', 'meta-llama/Llama-3.1-8B-Instruct'],
    ['qwen3-30b-a3b', 'Qwen/Qwen3-30B-A3B'],
    ['gemma-3-12b', 'google/gemma-3-12b-it'],
    ['llama-4-scout', 'meta-llama/Llama-4-Scout-17B-16E-Instruct'],
    ['mistral-small-24b', 'mistralai/Mistral-Small-24B-Instruct-2501'],
    ['mistral-nemo-12b', 'mistralai/Mistral-Nemo-Instruct-2407'],
    ['deepseek-r1-671b', 'deepseek-ai/DeepSeek-R1'],
    ['nemotron-3-nano-30b-a3b', 'nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16'],
    ['olmo-2-13b', 'allenai/OLMo-2-1124-13B-Instruct'],
    ['phi-4', 'microsoft/phi-4'],
    ['qwen3 30b', 'Qwen/Qwen3-30B-A3B'],
    ['qwen3-coder:30b', 'Qwen/Qwen3-Coder-30B-A3B-Instruct'],
    ['llama-3-1-8b', 'meta-llama/Llama-3.1-8B-Instruct'],
    ['deepseek v3', 'deepseek-ai/DeepSeek-V3'],
    ['nemotron-nano-9b', 'nvidia/NVIDIA-Nemotron-Nano-9B-v2'],
  ])('knows %s as %s', (query, id) => {
    expect(found(query)).toBe(id)
  })

  it('prefers the newest release unless another is asked for', () => {
    expect(found('mistral-7b')).toBe('mistralai/Mistral-7B-Instruct-v0.3')
    expect(found('mistral-7b-v0.1')).toBe('mistralai/Mistral-7B-Instruct-v0.1')
  })

  it.each([
    // A number is not another one with its point moved.
    ['qwen3-8', 'Qwen/Qwen3-8B'],
    ['llama-3-18b', 'meta-llama/Meta-Llama-3-8B-Instruct'],
    // Releases the catalogue does not hold: other weights, and for 2409 another size.
    ['deepseek-v3.1', 'deepseek-ai/DeepSeek-V3'],
    ['mistral-small-2409', 'mistralai/Mistral-Small-24B-Instruct-2501'],
    ['qwen3-30b-a3b-2507', 'Qwen/Qwen3-30B-A3B'],
    ['mistral-7b-v0.2', 'mistralai/Mistral-7B-Instruct-v0.3'],
  ])('never takes %s for another model, and names one like it', (query, near) => {
    const result = findModel(query, records)
    expect(result.kind).toBe('unknown')
    expect(result.kind === 'unknown' && result.nearest.map((model) => model.id)).toContain(near)
  })

  it('is ambiguous where a family name means several models', () => {
    const result = findModel('gpt-oss', records)
    expect(result.kind === 'ambiguous' && result.candidates.map((model) => model.id)).toEqual([
      'openai/gpt-oss-20b',
      'openai/gpt-oss-120b',
    ])
  })

  it('names the nearest models for one it does not know', () => {
    const result = findModel('qwen3-9b', records)
    expect(result.kind === 'unknown' && result.nearest.map((model) => model.family)).toContain('qwen3')
    expect(findModel('  ', records)).toEqual({ kind: 'unknown', nearest: [] })
  })
})
