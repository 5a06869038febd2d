import { describe, expect, it } from 'vitest'
import { shippedCatalogue as catalogue } from '../../../test/shipped-catalogue.ts'
import { findSuccessor } from '#core/advise/find-successor.ts'
import { rankingQuality } from '#core/advise/ranking-quality.ts'
import { suitsUseCase } from '#core/advise/suits-use-case.ts'
import type { Model } from '#core/model/model.ts'

function model(id: string): Model {
  const found = catalogue.models.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no such model: ${id}`)
  return found
}

describe('findSuccessor', () => {
  // Same developer and size class, newer, at least as permissive, better by the index.
  it.each([
    ['meta-llama/Llama-2-7b-chat-hf', 'meta-llama/'],
    ['Qwen/Qwen2.5-32B-Instruct', 'Qwen/'],
    ['google/gemma-3-27b-it', 'google/gemma-4'],
    ['mistralai/Mistral-7B-Instruct-v0.1', 'mistralai/'],
    ['zai-org/GLM-4.5', 'zai-org/GLM-4.'],
    // Made by DeepSeek on the weights of Qwen2.5: Qwen's newer ones with as much context succeed it.
    ['deepseek-ai/DeepSeek-R1-Distill-Qwen-32B', 'Qwen/Qwen3.'],
  ])('%s has one among %s', (id, successor) => {
    expect(findSuccessor(model(id), 'chat', catalogue)?.id).toContain(successor)
  })

  it.each(['openai/gpt-oss-20b', 'openai/gpt-oss-120b', 'Qwen/Qwen3.8-27B', 'microsoft/phi-4'])(
    '%s has none',
    (id) => {
      expect(findSuccessor(model(id), 'chat', catalogue)).toBeNull()
    },
  )

  it('never replaces by something worse, slower, less permissive or of another size', () => {
    for (const each of catalogue.models) {
      const successor = findSuccessor(each, 'chat', catalogue)
      if (successor === null) continue
      const points = (one: Model) => rankingQuality(one, 'chat', catalogue.quality).points
      expect(points(successor)).toBeGreaterThan(points(each))
      expect(successor.released > each.released).toBe(true)
      expect(Math.abs(successor.parameters.total / each.parameters.total - 1)).toBeLessThanOrEqual(0.25)
      const active = (one: Model) => one.parameters.active ?? one.parameters.total
      expect(active(successor) / active(each)).toBeLessThanOrEqual(1.25)
      expect(suitsUseCase(successor, 'chat')).toBe(true)
    }
  })

  it.each<[string, (successor: Model) => Partial<Model>]>([
    [
      'is of another size',
      ({ parameters }) => ({ parameters: { ...parameters, total: 2 * parameters.total } }),
    ],
    ['is not newer', () => ({ released: '2020-01-01' })],
    ['has a shorter context', () => ({ nativeContextTokens: 1024 })],
    ['takes no text', () => ({ modalities: ['image'] })],
    ['may not be used commercially', () => ({ license: 'cc-by-nc-4.0' })],
    ['has another lineage', () => ({ developer: 'Somebody', family: 'another' })],
  ])('does not take one that %s', (_, change) => {
    const old = model('Qwen/Qwen2.5-32B-Instruct')
    const successor = findSuccessor(old, 'chat', catalogue)
    if (successor === null) throw new Error('no successor to change')
    const among = (models: readonly Model[]) => findSuccessor(old, 'chat', { ...catalogue, models })
    expect(among([old, successor])).toBe(successor)
    expect(among([old, { ...successor, ...change(successor) }])).toBeNull()
  })

  it("leaves a user's own model alone", () => {
    const own: Model = { ...model('meta-llama/Llama-2-7b-chat-hf'), origin: 'user' }
    const models = catalogue.models.map((each) => (each.id === own.id ? own : each))
    expect(findSuccessor(own, 'chat', { ...catalogue, models })).toBeNull()
  })
})
