import { describe, expect, it } from 'vitest'
import { findModelFile } from '#backend/library/find-model-file.ts'
import type { LibraryFile } from '#contract/library.ts'
import { shippedCatalogue as catalogue } from '../../../test/shipped-catalogue.ts'
import { whatIfMachine } from '../../../test/what-if-machines.ts'

function file(name: string, quantizationId: string, fileBytes: number, matchedBy: 'name' | 'shape' = 'name') {
  return {
    path: `/models/${name.replaceAll(' ', '-')}-${quantizationId}.gguf`,
    place: 'folder',
    name,
    fileBytes,
    shards: 1,
    modifiedAt: '2026-11-25T10:00:00.000Z',
    state: 'read',
    header: {
      kind: 'model',
      architecture: 'qwen3',
      name,
      baseName: null,
      sizeLabel: null,
      repositories: [],
      quantizationId,
      quantizationName: quantizationId,
      parameters: 8.19e9,
      contextTokens: 40_960,
      license: null,
      hasChatTemplate: true,
      sampling: {},
      shape: {
        layers: 36,
        hidden: 4096,
        heads: 32,
        kvHeads: 8,
        ffn: 12_288,
        experts: null,
        vocabulary: 151_936,
      },
    },
    problem: null,
    match: { modelId: 'Qwen/Qwen3-8B', matchedBy },
  } as const satisfies LibraryFile
}

const q4 = file('Qwen3 8B', 'Q4_K_M', 5.03e9)
const q8 = file('Qwen3 8B', 'Q8_0', 8.71e9)
const tune = file('Somebodys Tune', 'Q6_K', 6.7e9, 'shape')
const files = [q4, tune, q8]

/** Memory for all, for four bits only, for none of them. */
const roomy = whatIfMachine(['none'], 64)
const narrow = whatIfMachine(['none'], 9)
const tiny = whatIfMachine(['none'], 4)

describe('findModelFile', () => {
  it.each([
    ['qwen3-8b', roomy, q8],
    ['Qwen/Qwen3-8B', roomy, q8],
    ['qwen3-8b', narrow, q4],
    ['qwen3-8b:Q4_K_M', roomy, q4],
    ['qwen3-8b q4_k_m', roomy, q4],
    ['Qwen3 8B Q8_0', tiny, q8],
    ['Qwen3-8B-Q4_K_M.gguf', tiny, q4],
    ['somebodys tune', null, tune],
  ])('takes %s for the right file', (name, machine, expected) => {
    expect(findModelFile(name, { files, catalogue, machine })).toBe(expected)
  })

  it.each([
    ['qwen3-8b', null, '2 files are called "qwen3-8b": /models/Qwen3-8B-Q4_K_M.gguf'],
    ['qwen3-8b', tiny, '2 files are called "qwen3-8b", and none of them fits'],
  ])('asks which one where it cannot choose', (name, machine, message) => {
    expect(() => findModelFile(name, { files, catalogue, machine })).toThrow(message)
  })

  it.each([
    ['qwen3-14b', 'No file of Qwen/Qwen3-14B is on this machine.'],
    ['qwen3-8b:Q6_K', 'No file of Qwen/Qwen3-8B is on this machine.'],
    ['something else', 'No model file is called "something else" here.'],
    ['', 'No model file is called "" here.'],
  ])('has none for "%s"', (name, message) => {
    expect(() => findModelFile(name, { files, catalogue, machine: roomy })).toThrow(message)
  })

  it('never takes a fine-tune for the model whose shape it has', () => {
    expect(() => findModelFile('qwen3-8b', { files: [tune], catalogue, machine: roomy })).toThrow(
      'No file of Qwen/Qwen3-8B',
    )
  })
})
