import { expect, it } from 'vitest'
import type { LibraryFile } from '#contract/library.ts'
import { fileOfModel } from './file-of-model.ts'

function file(path: string, matchedBy: 'name' | 'shape', quantizationId: string): LibraryFile {
  const match = { modelId: 'Qwen/Qwen3-8B', matchedBy }
  return { path, match, header: { kind: 'model', quantizationId } } as unknown as LibraryFile
}

const files = [
  { path: 'unread', match: null, header: null } as unknown as LibraryFile,
  file('tune', 'shape', 'Q4_K_M'),
  file('small', 'name', 'Q4_K_M'),
  file('large', 'name', 'Q8_0'),
]

it.each([
  ['Qwen/Qwen3-8B', 'Q4_K_M', 'small'],
  ['Qwen/Qwen3-8B', 'Q8_0', 'large'],
  ['Qwen/Qwen3-8B', 'Q6_K', undefined],
  ['Qwen/Qwen3-14B', 'Q4_K_M', undefined],
])('of %s in %s is %s', (modelId, quantizationId, path) => {
  expect(fileOfModel(files, modelId, quantizationId)?.path).toBe(path)
})
