import type { ModelVerdict } from '#core/advise/best-plan-per-model.ts'
import type { License } from '#core/license/license.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import type { Model } from '#core/model/model.ts'
import type { Fit, PlanEvaluation } from '#core/plan/plan.ts'

/** One line of the models table: what the core says of a model, and its license. */
export interface ModelRow extends ModelVerdict {
  /** Null where the license table does not know it. */
  readonly license: License | null
}

/** `none`: no engine runs it, so nothing could be computed. */
export type RowFit = Fit | 'none'

/** How the best plan of the row fits. */
export function rowFit(row: ModelRow): RowFit {
  return row.best === null ? 'none' : row.best.plan.fit
}

/** True when the best plan of the row can be run here. */
export function rowRuns(row: ModelRow): boolean {
  const fit = rowFit(row)
  return fit === 'fits' || fit === 'tight'
}

/** The speed a model is judged by: an embedding model only reads, every other one writes. */
export function rowSpeed(model: Model, plan: PlanEvaluation): MaybeFigure {
  return model.kind === 'embedding' ? plan.prefill : plan.decode
}
