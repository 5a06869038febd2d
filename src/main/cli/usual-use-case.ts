import { DEFAULT_NEEDS } from '#core/advise/needs.ts'
import type { UseCase } from '#core/advise/needs.ts'
import type { Model } from '#core/model/model.ts'

/** What a model is judged for where nobody says: chat, as everywhere; an embedding model can only embed. */
export function usualUseCase(model: Model): UseCase {
  return model.kind === 'embedding' ? 'embedding' : DEFAULT_NEEDS.useCase
}
