import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { blueprint } from '#core/model/blueprint.ts'
import { parameterCount } from '#core/model/parameter-count.ts'
import type { Model } from '#core/model/model.ts'

const file = new URL('../../../data/models.json', import.meta.url)
const { records } = JSON.parse(readFileSync(file, 'utf8')) as { records: readonly Model[] }

function model(id: string): Model {
  const found = records.find((record) => record.id === id)
  if (found === undefined) throw new Error(`no model ${id}`)
  return found
}

/** Only a nominal figure is published for these; the architecture gives another one. */
const NOMINAL: Readonly<Record<string, string>> = {
  'EleutherAI/gpt-neox-20b': 'published as 20 billion, counts 20.55',
  'bigcode/starcoder2-15b': 'published as 15.7 billion, counts 15.96 with its separate output head',
  'BAAI/bge-m3': 'published as 0.6 billion, counts 0.567, which rounds to it',
}

function tolerance({ architecture }: Model): number {
  const { attention, moe, perLayerEmbeddings } = architecture
  if (attention.kind === 'hybrid' || attention.recurrent !== null || perLayerEmbeddings !== null) return 0.05
  return moe === null ? 0.015 : 0.02
}

/** "A3B" covers 2.5 to 3.5 billion: half a unit of the last digit that is published. */
function roundsTo(published: number, counted: number): boolean {
  const decimals = (String(published / 1e9).split('.')[1] ?? '').length
  return Math.abs(published - counted) / 1e9 <= 0.5 * 10 ** -decimals + 1e-9
}

describe('parameter count from the blueprint', () => {
  it('covers the whole catalogue', () => {
    expect(records.length).toBe(164)
  })

  it.each(records.map((record) => [record.id, record] as const))(
    '%s matches its published count',
    (id, record) => {
      const { published } = record.parameters
      const error = parameterCount(record.architecture).total / published - 1
      // An excepted model must really be outside, or the exception is stale.
      const [least, most] = id in NOMINAL ? [tolerance(record), 0.1] : [0, tolerance(record)]
      expect(Math.abs(error)).toBeGreaterThanOrEqual(least)
      expect(Math.abs(error)).toBeLessThanOrEqual(most)
    },
  )

  it.each(
    records
      .filter((record) => record.architecture.moe !== null)
      .map((record) => [record.id, record] as const),
  )('%s matches its published active count', (_, record) => {
    const published = record.parameters.active ?? 0
    const { active, embeddings, output } = parameterCount(record.architecture)
    // Publishers count both embedding matrices, only the output head, or neither.
    const counts = [active, active - embeddings, active - embeddings - output]
    const good = counts.some(
      (counted) => Math.abs(counted / published - 1) <= 0.05 || roundsTo(published, counted),
    )
    expect(good, `${counts.map((n) => n / 1e9).join(', ')} against ${published / 1e9}`).toBe(true)
  })

  it('matches counts taken from the published weights to a ten-thousandth, most to the parameter', () => {
    const errors = records
      .filter((record) => /^(safetensors|gguf)$/.test(record.parameters.publishedBasis))
      .map(({ architecture, parameters }) =>
        Math.abs(parameterCount(architecture).total / parameters.published - 1),
      )
    expect(errors.length).toBe(134)
    expect(Math.max(...errors)).toBeLessThan(0.0001)
    expect(errors.filter((error) => error === 0).length).toBeGreaterThanOrEqual(125)
  })
})

describe('blueprint', () => {
  it.each(records.map((record) => [record.id, record] as const))(
    'names each tensor of %s once',
    (_, record) => {
      const tensors = blueprint(record.architecture)
      expect(new Set(tensors.map((tensor) => tensor.name)).size).toBe(tensors.length)
      const whole = tensors.every(({ shape }) => shape.every((size) => Number.isInteger(size) && size > 0))
      expect(whole).toBe(true)
    },
  )

  it('is computed once per architecture', () => {
    const { architecture } = model('Qwen/Qwen3-8B')
    expect(blueprint(architecture)).toBe(blueprint(architecture))
  })

  it('lists a layer of a mixture of experts by the names llama.cpp loads', () => {
    const names = blueprint(model('Qwen/Qwen3-30B-A3B').architecture)
      .filter((tensor) => tensor.layer === 3)
      .map((tensor) => `${tensor.name} ${tensor.shape.join('x')}`)
    // llama.cpp v0.5.0, src/models/qwen3moe.cpp, with the published configuration of the model.
    expect(names).toEqual([
      'blk.3.attn_norm.weight 2048',
      'blk.3.ffn_norm.weight 2048',
      'blk.3.attn_q.weight 2048x4096',
      'blk.3.attn_k.weight 2048x512',
      'blk.3.attn_v.weight 2048x512',
      'blk.3.attn_output.weight 4096x2048',
      'blk.3.attn_q_norm.weight 128',
      'blk.3.attn_k_norm.weight 128',
      'blk.3.ffn_gate_inp.weight 2048x128',
      'blk.3.ffn_gate_exps.weight 2048x768x128',
      'blk.3.ffn_up_exps.weight 2048x768x128',
      'blk.3.ffn_down_exps.weight 768x2048x128',
    ])
  })
})
