import type { Recommendation, RejectionReason } from '#core/advise/recommendation.ts'
import type { Figure } from '#core/figure/figure.ts'
import type { License } from '#core/license/license.ts'
import type { Model } from '#core/model/model.ts'
import type { Fit } from '#core/plan/plan.ts'

/** One line of the models table: a model, its best plan on the machine in force, and why it is not recommended. */
export interface ModelRow {
  readonly model: Model
  /** Null where the license table does not know it. */
  readonly license: License | null
  /** Null where no engine of the catalogue runs the model. */
  readonly best: Recommendation | null
  /** Where models like it stand, for one without published scores. */
  readonly similar: Figure | null
  /** Place in the ranking, from 1; null for a model that is not recommended. */
  readonly rank: number | null
  /** Null for a model that is recommended. */
  readonly rejection: RejectionReason | null
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
