import type { UseCase } from '#core/advise/needs.ts'
import type { Model } from '#core/model/model.ts'

/** Families published under a task's name whose weights only continue text: they answer no questions. */
const CONTINUATION_FAMILIES: readonly string[] = ['starcoder2']

/** True when a model was made to do this kind of work; a base model continues text, it answers nobody. */
export function suitsUseCase(model: Model, useCase: UseCase): boolean {
  if (useCase === 'embedding') return model.kind === 'embedding'
  if (model.kind === 'embedding' || model.kind === 'base') return false
  if (CONTINUATION_FAMILIES.includes(model.family)) return false
  switch (useCase) {
    case 'vision':
      return model.modalities.includes('image')
    case 'code':
      return true
    case 'chat':
    case 'reasoning':
    case 'documents':
      return model.kind !== 'code'
  }
}
