import type { MaybeFigure } from '#core/figure/figure.ts'
import type { Model } from '#core/model/model.ts'
import type { PlanEvaluation } from '#core/plan/plan.ts'

/** A model of the catalogue with its best plan on the machine asked about. */
export interface ListedModel {
  readonly model: Model
  readonly quality: MaybeFigure
  /** The best or the nearest; null where no engine runs it, or no machine was asked about. */
  readonly plan: PlanEvaluation | null
}

/** One row of `models --json`. */
export function modelJson({ model, quality, plan }: ListedModel) {
  return {
    id: model.id,
    name: model.name,
    developer: model.developer,
    family: model.family,
    kind: model.kind,
    released: model.released,
    license: model.license,
    totalParameters: model.parameters.total,
    activeParameters: model.parameters.active,
    contextTokens: model.architecture.contextTokens,
    modalities: model.modalities,
    quality,
    note: model.note,
    sources: model.sources,
    asOf: model.asOf,
    origin: model.origin,
    plan:
      plan === null
        ? null
        : {
            quantization: plan.quantizationId,
            contextTokens: plan.contextTokens,
            fileBytes: plan.fileBytes,
            totalBytes: plan.memory.total,
            fit: plan.fit,
            missingBytes: plan.missingBytes,
            decode: plan.decode,
          },
  }
}
