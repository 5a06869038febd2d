import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { repositorySchema } from '#contract/library.ts'
import { parseSource } from './parse-source.ts'

const REPOSITORY = { kind: 'repository', repository: 'unsloth/Qwen3-8B-GGUF', revision: null }

describe('what is typed into the download box', () => {
  it.each([
    'unsloth/Qwen3-8B-GGUF',
    '  unsloth/Qwen3-8B-GGUF ',
    'hf:unsloth/Qwen3-8B-GGUF',
    'hf://unsloth/Qwen3-8B-GGUF',
    'hf.co/unsloth/Qwen3-8B-GGUF:Q4_K_M',
    'huggingface.co/unsloth/Qwen3-8B-GGUF',
    'https://huggingface.co/unsloth/Qwen3-8B-GGUF',
    'https://huggingface.co/unsloth/Qwen3-8B-GGUF/',
    'https://huggingface.co/unsloth/Qwen3-8B-GGUF/tree/main',
    'https://huggingface.co/unsloth/Qwen3-8B-GGUF/blob/main/Qwen3-8B-Q4_K_M.gguf',
    'https://huggingface.co/unsloth/Qwen3-8B-GGUF?library=llama.cpp',
  ])('knows the repository in %s', (typed) => {
    expect(parseSource(typed, null)).toEqual(REPOSITORY)
  })

  it.each(['unsloth/Qwen3-8B-GGUF@v2', 'https://huggingface.co/unsloth/Qwen3-8B-GGUF/tree/v2'])(
    'knows the revision in %s',
    (typed) => {
      expect(parseSource(typed, null)).toEqual({ ...REPOSITORY, revision: 'v2' })
    },
  )

  it('takes addresses of the mirror, below its own path', () => {
    const mirror = 'https://models.example.com/hub/'
    const typed = 'https://models.example.com/hub/unsloth/Qwen3-8B-GGUF/tree/main'
    expect(parseSource(typed, mirror)).toEqual(REPOSITORY)
    expect(parseSource(typed, null)).toMatchObject({ problem: 'foreign', host: 'models.example.com' })
  })

  it.each([
    ['', 'empty'],
    ['hf:', 'empty'],
    ['https://example.com/org/name', 'foreign'],
    ['https://huggingface.co.example.com/org/name', 'foreign'],
    ['https://huggingface.co/', 'no-repository'],
    ['https://huggingface.co/org', 'no-repository'],
    ['https://huggingface.co/datasets/org/name', 'no-repository'],
    ['https://huggingface.co/org/na%2Fme', 'no-repository'],
    ['http://', 'no-repository'],
  ])('says what is wrong with "%s"', (typed, problem) => {
    expect(parseSource(typed, null)).toMatchObject({ kind: 'problem', problem })
  })

  it.each(['Qwen3 8B', 'qwen3', 'org/name/more'])('takes %s for a name', (typed) => {
    expect(parseSource(typed, null)).toEqual({ kind: 'name', text: typed })
  })

  it('answers anything, and only with repositories that the backend takes', () => {
    fc.assert(
      fc.property(fc.string(), fc.webUrl({ withQueryParameters: true }), (text, url) => {
        for (const typed of [text, url, `https://huggingface.co/${text}`]) {
          const source = parseSource(typed, null)
          if (source.kind === 'repository') {
            const { repository, revision } = source
            expect(repositorySchema.safeParse({ repository, revision }).success).toBe(true)
          }
        }
      }),
    )
  })
})
