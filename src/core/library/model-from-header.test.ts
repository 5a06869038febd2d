import { describe, expect, it } from 'vitest'
import { architectureFromHeader, modelFromHeader } from '#core/library/model-from-header.ts'
import type { ModelHeader } from '#core/library/model-header.ts'
import { parameterCount } from '#core/model/parameter-count.ts'
import type { Model } from '#core/model/model.ts'
import { weightsOf } from '#core/quant/weights.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

const { models, quantizations } = shippedCatalogue
const plain = models.filter(
  ({ architecture }) =>
    ['llama', 'qwen2', 'qwen3'].includes(architecture.gguf ?? '') && architecture.moe === null,
)

/** What a file of this model says of itself. */
function headerOf({ architecture, name }: Model): ModelHeader {
  const { ffn, gguf, heads, hidden, kvHeads, layers, vocabulary } = architecture
  return {
    kind: 'model',
    architecture: gguf ?? '',
    name,
    baseName: null,
    sizeLabel: null,
    repositories: [],
    quantizationId: 'Q4_K_M',
    quantizationName: 'Q4_K_M',
    parameters: parameterCount(architecture).total,
    contextTokens: architecture.contextTokens,
    license: null,
    hasChatTemplate: true,
    sampling: {},
    shape: { ffn, heads, hidden, kvHeads, layers, vocabulary, experts: null },
  }
}

describe('architectureFromHeader', () => {
  it('has plain models of the catalogue to be held against', () => {
    expect(plain.length).toBeGreaterThan(40)
  })

  it.each(plain.map((model) => [model.id, model] as const))('finds %s by its sizes alone', (_, model) => {
    const found = modelFromHeader(headerOf(model))
    const quantization = quantizations.find(({ id }) => id === 'Q4_K_M')!
    expect(found?.architecture.headDimension).toBe(model.architecture.headDimension)
    expect(found?.architecture.tiedEmbeddings).toBe(model.architecture.tiedEmbeddings)
    expect(weightsOf(found!, quantization).tensorBytes).toBe(weightsOf(model, quantization).tensorBytes)
  })

  it('counts rotation factors that a file brings', () => {
    const llama = headerOf(models.find(({ id }) => id === 'meta-llama/Llama-3.1-8B-Instruct')!)
    expect(architectureFromHeader({ ...llama, parameters: llama.parameters + 64 })?.headDimension).toBe(128)
  })

  it('guesses nothing', () => {
    const header = headerOf(models.find(({ id }) => id === 'Qwen/Qwen3-8B')!)
    const { shape } = header
    for (const other of [
      { ...header, parameters: header.parameters - 1 },
      { ...header, parameters: header.parameters + 1000 },
      { ...header, architecture: 'gemma3' },
      { ...header, kind: 'adapter' as const },
      { ...header, shape: { ...shape, experts: 8 } },
      { ...header, shape: { ...shape, ffn: null } },
      { ...header, shape: { ...shape, heads: 0 } },
      { ...header, shape: { ...shape, layers: 2 ** 31 } },
    ])
      expect(architectureFromHeader(other)).toBeNull()
  })
})
