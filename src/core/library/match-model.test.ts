import { describe, expect, it } from 'vitest'
import { matchModel } from '#core/library/match-model.ts'
import type { ModelHeader, ModelShape } from '#core/library/model-header.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

const { models } = shippedCatalogue

const QWEN3_8B: ModelShape = {
  layers: 36,
  hidden: 4096,
  heads: 32,
  kvHeads: 8,
  ffn: 12288,
  experts: null,
  vocabulary: 151_936,
}
const LLAMA_8B: ModelShape = { ...QWEN3_8B, layers: 32, ffn: 14336, vocabulary: 128_256 }

function header(changes: Partial<ModelHeader>): ModelHeader {
  return {
    kind: 'model',
    architecture: 'qwen3',
    name: null,
    baseName: null,
    sizeLabel: null,
    repositories: [],
    quantizationId: 'Q4_K_M',
    quantizationName: 'Q4_K_M',
    parameters: 8.2e9,
    contextTokens: 40_960,
    license: null,
    hasChatTemplate: true,
    sampling: {},
    shape: QWEN3_8B,
    ...changes,
  }
}

const llama = (changes: Partial<ModelHeader>) =>
  header({ architecture: 'llama', shape: LLAMA_8B, ...changes })

describe('matchModel', () => {
  it.each([
    // As llama.cpp's conversion writes names, and as files are called.
    [header({ name: 'Qwen3 8B' }), null, 'Qwen/Qwen3-8B'],
    [header({ name: 'Qwen3-8B-GGUF' }), null, 'Qwen/Qwen3-8B'],
    [header({ baseName: 'Qwen3', sizeLabel: '8B' }), null, 'Qwen/Qwen3-8B'],
    [header({}), 'Qwen3-8B-UD-Q4_K_XL.gguf', 'Qwen/Qwen3-8B'],
    [header({}), 'qwen3:8b', 'Qwen/Qwen3-8B'],
    [llama({ name: 'Meta Llama 3.1 8B Instruct' }), null, 'meta-llama/Llama-3.1-8B-Instruct'],
    [llama({ name: 'Meta-Llama-3-8B-Instruct' }), null, 'meta-llama/Meta-Llama-3-8B-Instruct'],
    // Files of 2023 have no template.
    [
      llama({ name: 'Meta-Llama-3-8B-Instruct', hasChatTemplate: false }),
      null,
      'meta-llama/Meta-Llama-3-8B-Instruct',
    ],
    [llama({ name: 'DeepSeek R1 Distill Llama 8B' }), null, 'deepseek-ai/DeepSeek-R1-Distill-Llama-8B'],
  ])('knows a model by its name (%#)', (file, fileName, modelId) => {
    expect(matchModel(file, models, fileName)).toEqual({ modelId, matchedBy: 'name' })
  })

  it.each([
    // A fine-tune is not the model whose shape it has, but the base it names is the nearest.
    [
      llama({ name: 'Hermes 3 Llama 3.1 8B', repositories: ['meta-llama/Meta-Llama-3.1-8B'] }),
      'meta-llama/Llama-3.1-8B-Instruct',
    ],
    // Two words more in its vocabulary.
    [
      llama({
        name: 'Dolphin 2.9.4',
        repositories: ['meta-llama/Meta-Llama-3.1-8B'],
        shape: { ...LLAMA_8B, vocabulary: 128_258 },
      }),
      'meta-llama/Llama-3.1-8B-Instruct',
    ],
    // Nothing hints at anything: the oldest plain model of that shape.
    [llama({ name: 'my tune' }), 'meta-llama/Meta-Llama-3-8B-Instruct'],
    [header({ name: 'Qwen3 8B Base' }), 'Qwen/Qwen3-8B'],
    // The base model: it knows no turns, and its name is what people call the tuned one.
    [llama({ name: 'Meta Llama 3.1 8B', hasChatTemplate: false }), 'meta-llama/Llama-3.1-8B-Instruct'],
  ])('knows the shape of a stranger (%#)', (file, modelId) => {
    expect(matchModel(file, models)).toEqual({ modelId, matchedBy: 'shape' })
  })

  it.each([
    ['another number of layers', header({ name: 'Qwen3 8B', shape: { ...QWEN3_8B, layers: 35 } })],
    ['another architecture', header({ name: 'Qwen3 8B', architecture: 'gemma3' })],
    ['another vocabulary', header({ name: 'Qwen3 8B', shape: { ...QWEN3_8B, vocabulary: 32_000 } })],
    ['experts', header({ name: 'Qwen3 8B', shape: { ...QWEN3_8B, experts: 8 } })],
    ['an adapter', header({ name: 'Qwen3 8B', kind: 'adapter' })],
    ['no sizes', header({ name: 'Qwen3 8B', shape: { ...QWEN3_8B, hidden: null } })],
  ])('believes no name that the sizes contradict: %s', (_, file) => {
    expect(matchModel(file, models)).toBeNull()
  })
})
