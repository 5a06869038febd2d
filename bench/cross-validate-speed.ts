/** How well the formulas predict runs they were not fitted on. */
import { planOfRun } from './predict-run.ts'
import { fitSpeedModel, neutralStart } from './fit-speed-model.ts'
import type { ResolvedRun } from './speed-runs.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'

/** A run and what coefficients fitted without it (or its device) say. */
export interface HeldOut {
  readonly resolved: ResolvedRun
  readonly numbers: PlanNumbers
}

const FOLDS = 8

/** Runs of one device, so that a fold never sees a device it is asked about. */
export function byDevice(resolved: ResolvedRun): string {
  return resolved.run.device
}

/** Runs of one device, model and format: the device may have been seen with other models. */
export function byCell(resolved: ResolvedRun): string {
  const { device, backend, model, quantization } = resolved.run
  return [device, backend, model, quantization].join('/')
}

/** Predicts every run with coefficients fitted from a neutral start on the folds that lack its group. */
export function crossValidate(
  runs: readonly ResolvedRun[],
  shipped: SpeedModel,
  groupOf: (resolved: ResolvedRun) => string,
): readonly HeldOut[] {
  const groups = [...new Set(runs.map(groupOf))]
  return Array.from({ length: FOLDS }, (_, fold) => {
    const held = new Set(groups.filter((_, index) => index % FOLDS === fold))
    const fitted = fitSpeedModel(
      runs.filter((resolved) => !held.has(groupOf(resolved))),
      neutralStart(shipped),
    )
    return runs
      .filter((resolved) => held.has(groupOf(resolved)))
      .map((resolved) => ({ resolved, numbers: planOfRun(resolved, fitted) }))
  }).flat()
}
