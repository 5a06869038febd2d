import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { findModel } from '#core/model/find-model.ts'
import type { Model } from '#core/model/model.ts'
import { parseSource } from './parse-source.ts'

/** What the download box leads to. */
export type ChosenSource =
  | {
      readonly kind: 'repository'
      readonly repository: string
      readonly revision: string | null
      /** The catalogue model whose files these are; null where none is known. */
      readonly model: Model | null
      /** The model's own repository was named, whose files are not for llama.cpp: another one is shown. */
      readonly isReplacement: boolean
    }
  | {
      readonly kind: 'problem'
      readonly problem: 'empty' | 'foreign' | 'no-repository' | 'unknown-name' | 'no-files'
      readonly host: string
      readonly name: string
    }

/** Reads what was typed, with the names that the catalogue knows. */
export function chooseSource(
  typed: string,
  catalogue: Pick<Catalogue, 'models'> | null,
  mirror: string | null,
): ChosenSource {
  const source = parseSource(typed, mirror)
  const models = catalogue?.models ?? []
  const problem = (kind: 'unknown-name' | 'no-files', name: string): ChosenSource => ({
    kind: 'problem',
    problem: kind,
    host: '',
    name,
  })
  switch (source.kind) {
    case 'problem':
      return { ...source, name: '' }
    case 'name': {
      const found = findModel(source.text, models)
      if (found.kind !== 'found') return problem('unknown-name', source.text)
      return found.record.ggufRepository === null
        ? problem('no-files', found.record.name)
        : ofModel(found.record, found.record.ggufRepository, false)
    }
    case 'repository': {
      const { repository, revision } = source
      const named = models.find(({ id }) => sameName(id, repository))
      const replacement = named?.ggufRepository ?? null
      if (named !== undefined && replacement !== null && !sameName(replacement, repository)) {
        return ofModel(named, replacement, true)
      }
      const model = models.find(({ ggufRepository }) => sameName(ggufRepository, repository)) ?? named ?? null
      return { kind: 'repository', repository, revision, model, isReplacement: false }
    }
  }
}

function ofModel(model: Model, repository: string, isReplacement: boolean): ChosenSource {
  return { kind: 'repository', repository, revision: null, model, isReplacement }
}

/** The hub does not tell capitals apart. */
function sameName(one: string | null, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase()
}
