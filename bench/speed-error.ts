/** Decode speed of the closed form against published runs. */
import { decodeIntervalClass } from '#core/speed/interval-class.ts'
import type { PlanNumbers } from '#core/plan/plan-numbers.ts'
import { groupBy } from '#core/lookup/group-by.ts'
import { byCell, byDevice, crossValidate, type HeldOut } from './cross-validate-speed.ts'
import { readSpeedModel } from './fit-speed-model.ts'
import { quantile } from '#core/measure/quantile.ts'
import { median } from './median.ts'
import { planOfRun, prefillOfRun } from './predict-run.ts'
import { fittedRuns, resolveRuns, type ResolvedRun } from './speed-runs.ts'

interface Row {
  readonly label: string
  readonly resolved: ResolvedRun
  readonly numbers: PlanNumbers
}

/** Prints error, bias and interval coverage by backend and overall, in the fit and held out. */
export async function runSpeedErrorBench(): Promise<void> {
  const { runs, leftOut } = resolveRuns()
  const speedModel = SHIPPED
  const total = runs.length + [...leftOut.values()].reduce((sum, count) => sum + count, 0)
  console.log(`${runs.length} of ${total} runs resolved through the catalogue; left out:`)
  console.log(`  ${[...leftOut].map(([reason, count]) => `${reason} (${count})`).join('; ')}`)

  const shipped = runs.map((resolved) => ({ resolved, numbers: planOfRun(resolved, speedModel) }))
  const accelerators = shipped.filter(({ resolved }) => resolved.run.backend !== 'cpu')
  const apart = accelerators.filter(({ resolved }) => resolved.isLocalScore)
  const regular = accelerators.filter(({ resolved }) => !resolved.isLocalScore)
  printTable('shipped coefficients (fitted on these runs)', [
    ...labelled('all accelerators', regular),
    ...regular.map((row) => ({ ...row, label: row.resolved.run.backend })),
    ...labelled(
      'mixture of experts',
      regular.filter(({ numbers }) => numbers.terms.architecture.moe !== null),
    ),
    ...shipped
      .filter(({ resolved }) => resolved.run.backend === 'cpu')
      .map((row) => ({ ...row, label: 'cpu' })),
    ...apart.map((row) => ({ ...row, label: `LocalScore ${row.resolved.run.backend}` })),
  ])
  const fitted = fittedRuns(runs)
  printTable(
    'held out, 8 folds: device, model and format not in the fit',
    heldOutRows(crossValidate(fitted, speedModel, byCell)),
  )
  printTable(
    'held out, 8 folds: device not in the fit',
    heldOutRows(crossValidate(fitted, speedModel, byDevice)),
  )
  printPrefill(regular)
}

function labelled(label: string, rows: readonly HeldOut[]): readonly Row[] {
  return rows.map((row) => ({ ...row, label }))
}

function heldOutRows(rows: readonly HeldOut[]): readonly Row[] {
  const regular = rows.filter(({ resolved }) => resolved.run.backend !== 'cpu')
  return [
    ...labelled('all accelerators', regular),
    ...labelled(
      'dense',
      regular.filter(({ numbers }) => numbers.terms.architecture.moe === null),
    ),
    ...labelled(
      'mixture of experts',
      regular.filter(({ numbers }) => numbers.terms.architecture.moe !== null),
    ),
    ...labelled(
      'cpu',
      rows.filter(({ resolved }) => resolved.run.backend === 'cpu'),
    ),
  ]
}

function printTable(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}\n${'group'.padEnd(22)}  runs  median   p90    bias  80 % interval holds`)
  for (const [label, group] of groupBy(rows, (row) => row.label)) {
    const known = group.filter(({ numbers }) => Number.isFinite(numbers.decodeTokensPerSecond))
    const ratios = known.map(
      ({ resolved, numbers }) => numbers.decodeTokensPerSecond / resolved.run.decodeTokensPerSecond,
    )
    const errors = ratios.map((ratio) => Math.abs(ratio - 1))
    const holds = known.filter(isCovered).length / known.length
    const unknown = group.length - known.length
    console.log(
      `${label.padEnd(22)} ${String(known.length).padStart(5)} ${percent(median(errors))} ${percent(quantile(errors, 0.9))} ${percent(median(ratios) - 1)} ${percent(holds)}${unknown > 0 ? `   (${unknown} not known: no memory speed, no cores)` : ''}`,
    )
  }
}

/** True where the measured speed lies in the interval shown with the estimate. */
const SHIPPED = readSpeedModel()

function isCovered({ resolved, numbers }: HeldOut): boolean {
  const shown = SHIPPED.intervals[decodeIntervalClass(numbers.terms, numbers.candidate.layout)]
  const ratio = resolved.run.decodeTokensPerSecond / numbers.decodeTokensPerSecond
  return ratio >= shown.low && ratio <= shown.high
}

function printPrefill(rows: readonly HeldOut[]): void {
  console.log(
    `\nprefill on one device, shipped coefficients (fitted on these runs)\n${'group'.padEnd(22)}  runs  median   p90    bias`,
  )
  for (const [backend, group] of groupBy(rows, ({ resolved }) => resolved.run.backend)) {
    const single = group.filter(({ resolved }) => resolved.run.devices === 1)
    const ratios = single.flatMap(({ resolved, numbers }) => {
      const ratio = prefillOfRun(resolved, numbers) / (resolved.run.prefillTokensPerSecond ?? Number.NaN)
      return Number.isFinite(ratio) ? [ratio] : []
    })
    if (ratios.length === 0) continue
    const errors = ratios.map((ratio) => Math.abs(ratio - 1))
    console.log(
      `${backend.padEnd(22)} ${String(ratios.length).padStart(5)} ${percent(median(errors))} ${percent(quantile(errors, 0.9))} ${percent(median(ratios) - 1)}`,
    )
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`.padStart(8)
}
