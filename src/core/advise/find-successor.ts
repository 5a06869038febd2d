import type { UseCase } from '#core/advise/needs.ts'
import { rankingQuality } from '#core/advise/ranking-quality.ts'
import { suitsUseCase } from '#core/advise/suits-use-case.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { findLicense, type License } from '#core/license/license.ts'
import type { Model } from '#core/model/model.ts'

/** Two models are of one size class when their parameters differ by at most this share. */
const SIZE_CLASS_SHARE = 0.25

/**
 * Lineage is developer or family, which records carry. These families were made by one developer on another's weights,
 * so that the other's newer models succeed them.
 */
const MADE_ON_WEIGHTS_OF: Readonly<Record<string, readonly string[]>> = {
  'deepseek-r1-distill': ['Alibaba Qwen', 'Meta'],
}

const successorsOf = new WeakMap<Catalogue, Map<UseCase, ReadonlyMap<string, Model>>>()

/**
 * The model that makes another one obsolete for a use case: of the same lineage and size class, released later, at
 * least as permissive, with as much context and every input kind, not slower by active parameters, and better by the
 * index. Null where there is none. It depends on the catalogue alone, never on the machine.
 */
export function findSuccessor(model: Model, useCase: UseCase, catalogue: Catalogue): Model | null {
  let byUseCase = successorsOf.get(catalogue)
  if (byUseCase === undefined) {
    byUseCase = new Map()
    successorsOf.set(catalogue, byUseCase)
  }
  let successors = byUseCase.get(useCase)
  if (successors === undefined) {
    successors = findSuccessors(useCase, catalogue)
    byUseCase.set(useCase, successors)
  }
  return successors.get(model.id) ?? null
}

function findSuccessors(useCase: UseCase, catalogue: Catalogue): ReadonlyMap<string, Model> {
  const quality = new Map(
    catalogue.models.map((model) => [model.id, rankingQuality(model, useCase, catalogue.quality)]),
  )
  const pointsOf = (model: Model): number => quality.get(model.id)?.points ?? 0
  const eligible = catalogue.models.filter(
    (model) =>
      model.origin === 'shipped' &&
      model.architecture.gguf !== null &&
      suitsUseCase(model, useCase) &&
      quality.get(model.id)?.scored === true,
  )
  const successors = new Map<string, Model>()
  for (const model of catalogue.models) {
    if (model.origin !== 'shipped' || !suitsUseCase(model, useCase)) continue
    let best: Model | null = null
    for (const other of eligible) {
      if (!replaces(other, model, catalogue.licenses) || pointsOf(other) <= pointsOf(model)) continue
      if (best === null || pointsOf(other) > pointsOf(best)) best = other
    }
    if (best !== null) successors.set(model.id, best)
  }
  return successors
}

function replaces(other: Model, model: Model, licenses: readonly License[]): boolean {
  return (
    other.id !== model.id &&
    other.released > model.released &&
    sameSizeClass(other, model) &&
    sameLineage(other, model) &&
    other.nativeContextTokens >= model.nativeContextTokens &&
    model.modalities.every((modality) => other.modalities.includes(modality)) &&
    permissiveness(other, licenses) >= permissiveness(model, licenses)
  )
}

function sameSizeClass(other: Model, model: Model): boolean {
  const total = other.parameters.total / model.parameters.total
  const active = activeParameters(other) / activeParameters(model)
  return Math.abs(total - 1) <= SIZE_CLASS_SHARE && active <= 1 + SIZE_CLASS_SHARE
}

function activeParameters(model: Model): number {
  return model.parameters.active ?? model.parameters.total
}

function sameLineage(other: Model, model: Model): boolean {
  if (other.developer === model.developer || other.family === model.family) return true
  return MADE_ON_WEIGHTS_OF[model.family]?.includes(other.developer) ?? false
}

/** 3 permissive, 2 usable under conditions, 1 not commercial, 0 unknown. */
function permissiveness(model: Model, licenses: readonly License[]): number {
  const license = findLicense(model.license, licenses)
  if (license === null) return 0
  if (license.kind === 'permissive') return 3
  return license.commercialUse === 'no' ? 1 : 2
}
