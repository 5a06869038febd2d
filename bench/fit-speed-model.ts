/**
 * Fits the coefficients of the speed formulas to measured runs: Gauss-Newton on log speed with Huber weights, drawn
 * towards the start values so that classes with few runs keep their prior. The formulas are the shipped ones: a fit
 * asks `planNumbers`, it has no copy of them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { SpeedModel } from '#core/speed/speed-model.ts'
import { planOfRun, prefillOfRun } from './predict-run.ts'
import type { ResolvedRun } from './speed-runs.ts'

interface Parameter {
  readonly path: readonly string[]
  /** How far, in log units, a coefficient may move from its start before the fit is charged for it. */
  readonly looseness: number
}

type Tree = { readonly [key: string]: number | string | Tree }

function valueAt(model: SpeedModel, path: readonly string[]): number {
  let node: number | string | Tree = model as unknown as Tree
  for (const key of path) node = (node as Tree)[key]!
  return node as number
}

function withValue(model: SpeedModel, path: readonly string[], value: number): SpeedModel {
  const replace = (node: Tree, depth: number): Tree => {
    const key = path[depth]!
    const child = depth === path.length - 1 ? value : replace(node[key] as Tree, depth + 1)
    return { ...node, [key]: child }
  }
  return replace(model as unknown as Tree, 0) as unknown as SpeedModel
}

function prefillParametersOf(model: SpeedModel): readonly Parameter[] {
  const { classes, expertFactor } = model.prefill
  const ofClasses = (name: string, looseness: number) =>
    Object.keys(classes).map((each) => ({ path: ['prefill', 'classes', each, name], looseness }))
  return [
    ...ofClasses('quantizedShare', 0.4),
    ...ofClasses('halfPrecisionShare', 0.3),
    ...ofClasses('layerSeconds', 0.3),
    ...Object.keys(expertFactor).map((name) => ({ path: ['prefill', 'expertFactor', name], looseness: 0.3 })),
    { path: ['prefill', 'weightBandwidthShare'], looseness: 0.3 },
    { path: ['cpu', 'coreFlopsPerSecond'], looseness: 0.5 },
  ]
}

function decodeParametersOf(model: SpeedModel): readonly Parameter[] {
  const { decode } = model
  const named = (names: object, path: (name: string) => string[], looseness: number) =>
    Object.keys(names).map((name) => ({ path: path(name), looseness }))
  return [
    ...named(decode.classes, (name) => ['decode', 'classes', name, 'bandwidthShare'], 0.6),
    ...named(decode.classes, (name) => ['decode', 'classes', name, 'layerSeconds'], 0.8),
    ...named(decode.quantizations, (name) => ['decode', 'quantizations', name, 'bandwidthFactor'], 0.1),
    ...named(decode.quantizations, (name) => ['decode', 'quantizations', name, 'unpackFactor'], 0.5),
    ...named(decode.operationsPerWeight, (name) => ['decode', 'operationsPerWeight', name], 0.3),
    ...named(decode.expertFactor, (name) => ['decode', 'expertFactor', name], 0.2),
    ...named(decode.expertLayerSeconds, (name) => ['decode', 'expertLayerSeconds', name], 0.6),
    ...named(decode.kvBandwidthShare, (name) => ['decode', 'kvBandwidthShare', name], 0.4),
    ...[
      'recurrentLayerSeconds',
      'perLayerEmbeddingSeconds',
      'latentLayerSeconds',
      'vulkanBf16ExpertFactor',
    ].map((name) => ({ path: ['decode', name], looseness: 0.5 })),
    ...[
      'bandwidthShare',
      'coreBytesPerSecond',
      'layerSeconds',
      'unknownBaseBytesPerSecond',
      'unknownCoreBytesPerSecond',
    ].map((name) => ({ path: ['cpu', name], looseness: 0.5 })),
  ]
}

/**
 * Coefficients that know nothing of any device: what cross-validation starts from, so that no held-out run has left a
 * trace. All classes alike, all formats alike, round numbers of the right order.
 */
export function neutralStart(model: SpeedModel): SpeedModel {
  const neutral: Readonly<Record<string, number>> = {
    bandwidthShare: 0.8,
    layerSeconds: 6e-5,
    bandwidthFactor: 1,
    unpackFactor: 1,
    operationsPerWeight: 11,
    expertFactor: 0.85,
    expertLayerSeconds: 3e-5,
    flashAttention: 0.8,
    plain: 0.3,
    recurrentLayerSeconds: 4e-5,
    perLayerEmbeddingSeconds: 5e-5,
    latentLayerSeconds: 5e-5,
    vulkanBf16ExpertFactor: 0.3,
  }
  return decodeParametersOf(model).reduce((current, { path }) => {
    const value = neutral[path.at(-1)!] ?? neutral[path.at(-2)!]
    return value === undefined || path[0] === 'cpu' ? current : withValue(current, path, value)
  }, model)
}

/** Spread of a good measurement around the formula, in log units: what residuals and priors are weighed by. */
const NOISE = 0.07
/** Beyond this many spreads a run counts as an outlier and pulls no harder. */
const HUBER = 1
const STEP = 0.01
const ITERATIONS = 12

/** Log of predicted over measured speed; `NaN` where the run's device lacks a figure. */
export function logError(resolved: ResolvedRun, model: SpeedModel): number {
  return Math.log(planOfRun(resolved, model).decodeTokensPerSecond / resolved.run.decodeTokensPerSecond)
}

/** The same of prompt processing; `NaN` where the run states no prompt. */
export function prefillLogError(resolved: ResolvedRun, model: SpeedModel): number {
  const predicted = prefillOfRun(resolved, planOfRun(resolved, model))
  return Math.log(predicted / (resolved.run.prefillTokensPerSecond ?? Number.NaN))
}

/** Decode coefficients fitted to the runs, starting from (and drawn to) those of `start`. */
export function fitSpeedModel(runs: readonly ResolvedRun[], start: SpeedModel): SpeedModel {
  return fit(runs, start, decodeParametersOf(start), logError)
}

/** Prefill coefficients fitted likewise. */
export function fitPrefill(runs: readonly ResolvedRun[], start: SpeedModel): SpeedModel {
  return fit(runs, start, prefillParametersOf(start), prefillLogError)
}

function fit(
  runs: readonly ResolvedRun[],
  start: SpeedModel,
  parameters: readonly Parameter[],
  errorOf: (resolved: ResolvedRun, model: SpeedModel) => number,
): SpeedModel {
  const origin = parameters.map((parameter) => Math.log(valueAt(start, parameter.path)))
  const weights = deviceWeights(runs)
  let point = [...origin]
  let model = start
  let touched: readonly (readonly number[])[] | null = null
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const errors = runs.map((run) => errorOf(run, model))
    const columns = parameters.map((parameter, index) => {
      const moved = withValue(model, parameter.path, Math.exp(point[index]! + STEP))
      const rows = touched?.[index] ?? runs.map((_, row) => row)
      return rows.flatMap((row) => {
        const slope = (errorOf(runs[row]!, moved) - errors[row]!) / STEP
        return Number.isFinite(slope) && slope !== 0 ? [{ row, slope }] : []
      })
    })
    touched ??= columns.map((column) => column.map((entry) => entry.row))
    const step = solveStep(
      columns,
      errors,
      weights,
      parameters,
      point.map((value, index) => value - origin[index]!),
    )
    point = point.map((value, index) => value + Math.max(-0.3, Math.min(0.3, step[index]!)))
    model = parameters.reduce(
      (current, parameter, index) => withValue(current, parameter.path, Math.exp(point[index]!)),
      model,
    )
  }
  return model
}

/** A device measured a hundred times must not drown the others: its runs share the weight of ten or so. */
function deviceWeights(runs: readonly ResolvedRun[]): readonly number[] {
  const counts = new Map<string, number>()
  for (const { run } of runs) counts.set(run.device, (counts.get(run.device) ?? 0) + 1)
  return runs.map(({ run }) => 1 / Math.sqrt(counts.get(run.device)!))
}

type Column = readonly { readonly row: number; readonly slope: number }[]

/** Solves the weighted, damped normal equations for one step. */
function solveStep(
  columns: readonly Column[],
  errors: readonly number[],
  weights: readonly number[],
  parameters: readonly Parameter[],
  moved: readonly number[],
): readonly number[] {
  const pull = errors.map((error, row) => {
    if (!Number.isFinite(error)) return 0
    const spreads = Math.abs(error) / NOISE
    return (weights[row]! * (spreads <= HUBER ? 1 : HUBER / spreads)) / NOISE ** 2
  })
  const dense = columns.map((column) => {
    const values = new Float64Array(errors.length)
    for (const { row, slope } of column) values[row] = slope
    return values
  })
  const matrix = columns.map((column, i) =>
    columns.map((_, j) => {
      let sum = i === j ? 1 / parameters[i]!.looseness ** 2 : 0
      for (const { row, slope } of column) sum += pull[row]! * slope * dense[j]![row]!
      return sum
    }),
  )
  const right = columns.map((column, i) => {
    let sum = -moved[i]! / parameters[i]!.looseness ** 2
    for (const { row, slope } of column) if (pull[row]! > 0) sum -= pull[row]! * slope * errors[row]!
    return sum
  })
  return solve(matrix, right)
}

/** Gauss elimination with pivoting. */
function solve(matrix: number[][], right: number[]): readonly number[] {
  const n = right.length
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let row = column + 1; row < n; row++)
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row
    ;[matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!]
    ;[right[column], right[pivot]] = [right[pivot]!, right[column]!]
    for (let row = column + 1; row < n; row++) {
      const factor = matrix[row]![column]! / matrix[column]![column]!
      if (factor === 0) continue
      for (let k = column; k < n; k++) matrix[row]![k]! -= factor * matrix[column]![k]!
      right[row]! -= factor * right[column]!
    }
  }
  const solution = Array.from({ length: n }, () => 0)
  for (let row = n - 1; row >= 0; row--) {
    let sum = right[row]!
    for (let k = row + 1; k < n; k++) sum -= matrix[row]![k]! * solution[k]!
    solution[row] = sum / matrix[row]![row]!
  }
  return solution
}

/** The shipped coefficients. */
export function readSpeedModel(): SpeedModel {
  const file = new URL('../data/speed-model.json', import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as SpeedModel
}

/** Writes coefficients where the app reads them. */
export function writeSpeedModel(model: SpeedModel): void {
  const rounded = JSON.stringify(
    model,
    (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value),
    1,
  )
  writeFileSync(new URL('../data/speed-model.json', import.meta.url), `${rounded}\n`)
}
