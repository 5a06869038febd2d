import type { QualityTable, ResponseCurve } from '#core/quality/quality.ts'

/** A published score, scaled as the curves expect it (see `scaleScore`). */
export interface Score {
  readonly series: string
  readonly score: number
  /** Repeats of one benchmark share weight 1; secondary reports weigh less. */
  readonly weight: number
}

/** Expectation of theta before any score. */
export interface AbilityPrior {
  readonly mean: number
  readonly standardDeviation: number
}

/** What the scores of one model say of it; theta has the scale of `QualityRecord`. */
export interface Ability {
  readonly theta: number
  readonly standardError: number
  /** By area or source: how far this model stands from its own theta there. */
  readonly deviations: Readonly<Record<string, number>>
}

/** How a benchmark publishes its scores. */
export type ScoreUnit = 'percent' | 'elo' | 'points-of-ten'

/** Degrees of freedom of the residual: heavy tails, so that one odd score cannot carry a model. */
const STUDENT_DEGREES_OF_FREEDOM = 4
const LEAST_VARIANCE = 0.04
const MOST_STEPS = 60
const START_OFFSETS = [0, -1.5, 1.5]

/** Published value to the scale of the curves: percent to 0..1, Elo to (R - 1200) / 400, points of ten to 0..1. */
export function scaleScore(value: number, unit: ScoreUnit): number {
  switch (unit) {
    case 'percent':
      return value / 100
    case 'elo':
      return (value - 1200) / 400
    case 'points-of-ten':
      return value / 10
  }
}

/** Score expected on a series at ability z. */
export function expectedScore(curve: ResponseCurve, z: number): number {
  if (curve.kind === 'linear') return curve.difficulty + curve.slope * z
  return curve.chance + (curve.ceiling - curve.chance) / (1 + Math.exp(-curve.slope * (z - curve.difficulty)))
}

/** Ability to index: expected share of the points of the reference exam, chance level taken off, 0 to 100. */
export function indexOfAbility(theta: number, table: Pick<QualityTable, 'exam' | 'curves'>): number {
  let sum = 0
  for (const series of table.exam) {
    const curve = table.curves[series]
    if (curve === undefined) throw new Error(`exam series without a curve: ${series}`)
    sum += (expectedScore(curve, theta) - curve.chance) / (curve.ceiling - curve.chance)
  }
  return (100 * sum) / table.exam.length
}

/** Scale of the residual at a score: scores near 0 or 100 % vary less. */
export function scoreNoise(curve: ResponseCurve, score: number): number {
  if (curve.constantNoise || curve.kind === 'linear') return curve.scale
  return (curve.scale * Math.sqrt(Math.max(score * (1 - score), LEAST_VARIANCE))) / 0.5
}

interface Row {
  readonly curve: ResponseCurve
  readonly score: number
  readonly weight: number
  /** Positions in the parameter vector: 0 (theta) and the deviations. */
  readonly columns: readonly number[]
}

interface Mode {
  readonly parameters: Float64Array
  readonly objective: number
}

/**
 * Ability of one model from its scores with the curves frozen (stage 2 of the index): the most probable theta and
 * deviations under Student-t residuals with 4 degrees of freedom, by damped Gauss-Newton from three starts, because the
 * heavy tails can make two modes. Deviations ~ N(0, tau); theta ~ the prior; other `starts` when theta is nearly known. Error on held-out scores: 5.3 points.
 */
export function fitAbility(
  scores: readonly Score[],
  prior: AbilityPrior,
  table: Pick<QualityTable, 'curves' | 'deviationStandardDeviations' | 'standardErrorFactor'>,
  starts: readonly number[] = START_OFFSETS.map((offset) => prior.mean + offset),
): Ability {
  const effects = [...new Set(scores.flatMap((score) => table.curves[score.series]?.effects ?? []))]
  const rows = scores.flatMap((score) => toRow(score, effects, table.curves))
  const precisions = [
    1 / prior.standardDeviation ** 2,
    ...effects.map((effect) => 1 / (table.deviationStandardDeviations[effect] ?? 0.1) ** 2),
  ]
  let best: Mode | null = null
  for (const start of starts) {
    const mode = climb(rows, prior.mean, precisions, start)
    if (best === null || mode.objective < best.objective) best = mode
  }
  const parameters = best?.parameters ?? Float64Array.of(prior.mean)
  const { matrix } = normalEquations(rows, parameters, prior.mean, precisions)
  const variance = solve(matrix, unitVector(parameters.length))[0] ?? prior.standardDeviation ** 2
  return {
    theta: parameters[0] ?? prior.mean,
    standardError: table.standardErrorFactor * Math.sqrt(variance),
    deviations: Object.fromEntries(effects.map((effect, i) => [effect, parameters[i + 1] ?? 0])),
  }
}

function toRow(
  score: Score,
  effects: readonly string[],
  curves: Readonly<Record<string, ResponseCurve>>,
): Row[] {
  const curve = curves[score.series]
  if (curve === undefined) return []
  const columns = [0, ...curve.effects.map((effect) => effects.indexOf(effect) + 1)]
  return [{ curve, score: score.score, weight: score.weight, columns }]
}

function climb(rows: readonly Row[], priorMean: number, precisions: readonly number[], start: number): Mode {
  let parameters: Float64Array = new Float64Array(precisions.length)
  parameters[0] = start
  let objective = objectiveOf(rows, parameters, priorMean, precisions)
  for (let step = 0; step < MOST_STEPS; step++) {
    const { matrix, gradient } = normalEquations(rows, parameters, priorMean, precisions)
    const direction = solve(matrix, gradient)
    let scale = 1
    let next = shifted(parameters, direction, scale)
    let nextObjective = objectiveOf(rows, next, priorMean, precisions)
    while (nextObjective > objective && scale > 1e-4) {
      scale /= 2
      next = shifted(parameters, direction, scale)
      nextObjective = objectiveOf(rows, next, priorMean, precisions)
    }
    if (nextObjective > objective) break
    const gain = objective - nextObjective
    parameters = next
    objective = nextObjective
    if (gain < 1e-10) break
  }
  return { parameters, objective }
}

/** Negative log posterior, constants left out. */
function objectiveOf(
  rows: readonly Row[],
  parameters: Float64Array,
  priorMean: number,
  precisions: readonly number[],
): number {
  let sum = 0
  for (const row of rows) {
    const residual =
      (row.score - expectedScore(row.curve, abilityAt(row, parameters))) / scoreNoise(row.curve, row.score)
    sum +=
      row.weight *
      ((STUDENT_DEGREES_OF_FREEDOM + 1) / 2) *
      Math.log1p(residual ** 2 / STUDENT_DEGREES_OF_FREEDOM)
  }
  for (let i = 0; i < parameters.length; i++) {
    const distance = (parameters[i] ?? 0) - (i === 0 ? priorMean : 0)
    sum += 0.5 * (precisions[i] ?? 0) * distance ** 2
  }
  return sum
}

function normalEquations(
  rows: readonly Row[],
  parameters: Float64Array,
  priorMean: number,
  precisions: readonly number[],
) {
  const size = parameters.length
  const matrix = Array.from({ length: size }, (_, i) => {
    const line = new Float64Array(size)
    line[i] = precisions[i] ?? 0
    return line
  })
  const gradient = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    gradient[i] = -(precisions[i] ?? 0) * ((parameters[i] ?? 0) - (i === 0 ? priorMean : 0))
  }
  for (const row of rows) {
    const z = abilityAt(row, parameters)
    const noise = scoreNoise(row.curve, row.score)
    const residual = (row.score - expectedScore(row.curve, z)) / noise
    const slope = slopeAt(row.curve, z) / noise
    const weight =
      (row.weight * (STUDENT_DEGREES_OF_FREEDOM + 1)) / (STUDENT_DEGREES_OF_FREEDOM + residual ** 2)
    for (const i of row.columns) {
      gradient[i] = (gradient[i] ?? 0) + weight * slope * residual
      for (const j of row.columns) {
        const line = matrix[i]
        if (line !== undefined) line[j] = (line[j] ?? 0) + weight * slope * slope
      }
    }
  }
  return { matrix, gradient }
}

function slopeAt(curve: ResponseCurve, z: number): number {
  if (curve.kind === 'linear') return curve.slope
  const logistic = 1 / (1 + Math.exp(-curve.slope * (z - curve.difficulty)))
  return (curve.ceiling - curve.chance) * curve.slope * logistic * (1 - logistic)
}

function abilityAt(row: Row, parameters: Float64Array): number {
  let z = 0
  for (const column of row.columns) z += parameters[column] ?? 0
  return z
}

function shifted(from: Float64Array, direction: Float64Array, scale: number): Float64Array {
  return from.map((value, i) => value + scale * (direction[i] ?? 0))
}

function unitVector(size: number): Float64Array {
  const vector = new Float64Array(size)
  vector[0] = 1
  return vector
}

/** Solves a symmetric positive definite system by Cholesky decomposition. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length
  const lower = matrix.map((line) => Float64Array.from(line))
  const at = (i: number, j: number): number => lower[i]?.[j] ?? 0
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = at(i, j)
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k)
      const line = lower[i]
      if (line !== undefined) line[j] = i === j ? Math.sqrt(sum) : sum / at(j, j)
    }
  }
  const solution = Float64Array.from(right)
  for (let i = 0; i < size; i++) {
    let sum = solution[i] ?? 0
    for (let k = 0; k < i; k++) sum -= at(i, k) * (solution[k] ?? 0)
    solution[i] = sum / at(i, i)
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = solution[i] ?? 0
    for (let k = i + 1; k < size; k++) sum -= at(k, i) * (solution[k] ?? 0)
    solution[i] = sum / at(i, i)
  }
  return solution
}
