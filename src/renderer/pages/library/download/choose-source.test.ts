import { describe, expect, it } from 'vitest'
import type { Model } from '#core/model/model.ts'
import { chooseSource } from './choose-source.ts'

function model(id: string, name: string, ggufRepository: string | null): Model {
  const facts = { kind: 'chat', released: '2025-04-28', parameters: { text: 8.19e9 } }
  return { ...facts, id, name, ggufRepository } as unknown as Model
}

const repository = 'unsloth/Qwen3-8B-GGUF'
const published = model('Qwen/Qwen3-8B', 'Qwen3 8B', repository)
const models = [published, model('acme/Secret-1B', 'Secret 1B', null)]

function choose(typed: string) {
  return chooseSource(typed, { models }, null)
}

describe('what the download box leads to', () => {
  it.each([repository, repository.toLowerCase(), `https://huggingface.co/${repository}`])(
    'knows whose files are in %s',
    (typed) => {
      expect(choose(typed)).toMatchObject({ kind: 'repository', model: published, isReplacement: false })
    },
  )

  it.each(['Qwen3 8B', 'qwen3-8b'])('finds the files of a model called %s', (typed) => {
    expect(choose(typed)).toMatchObject({ kind: 'repository', repository, model: published })
  })

  it("shows the GGUF files in place of the developer's own repository, and says so", () => {
    expect(choose('Qwen/Qwen3-8B')).toMatchObject({ repository, model: published, isReplacement: true })
  })

  it('asks for a repository nobody knows', () => {
    expect(choose('somebody/tune')).toEqual({
      kind: 'repository',
      repository: 'somebody/tune',
      revision: null,
      model: null,
      isReplacement: false,
    })
  })

  it('says that a name is unknown, or has no files', () => {
    expect(choose('no such model at all')).toMatchObject({ problem: 'unknown-name' })
    expect(choose('Secret 1B')).toMatchObject({ problem: 'no-files', name: 'Secret 1B' })
  })
})
