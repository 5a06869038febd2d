import {
  expectedScore,
  fitAbility,
  scoreNoise,
  type AbilityPrior,
  type Score,
} from '#core/quality/fit-ability.ts'
import type { QualityTable, ResponseCurve } from '#core/quality/quality.ts'

/** Everything published about one setting of one model. */
export interface ScoredEntity {
  readonly id: string
  readonly prior: AbilityPrior
  readonly scores: readonly Score[]
}

/** A score seen from its series: at the present ability of its entity. */
interface Point {
  readonly z: number
  readonly score: number
  readonly weight: number
}

type Curves = Readonly<Record<string, ResponseCurve>>

const ROUNDS = 25
const STUDENT_DEGREES_OF_FREEDOM = 4
/** Normal priors of a curve: mean and standard deviation. Slopes and scales on a logarithmic scale. */
const PRIORS = {
  logisticLogSlope: [Math.log(1.5), 0.5],
  linearLogSlope: [Math.log(0.35), 0.5],
  difficulty: [0, 2.5],
  ceiling: [0.97, 0.02],
  logScale: [Math.log(0.07), 0.4],
} as const
const LOWEST_CEILING = 0.85
const LEAST_SCALE = { logistic: 0.035, linear: 0.04 } as const
const MOST_SCALE = 0.5
/** Snapshots of one arena share their slope: a later list of only the best would otherwise look flat. */
const SHARED_SLOPES = ['arena:text-', 'arena:vision-']

/**
 * Response curves from all scores (stage 1 of the index): one ability per entity without deviations, maximum a posteriori,
 * by turns: abilities with the curves held, then each curve with the abilities held. Series without scores keep their
 * curve. The scale is that of the priors, which are in the units of the shipped abilities.
 */
export function fitCurves(entities: readonly ScoredEntity[], start: QualityTable): Curves {
  let curves: Curves = start.curves
  const thetas = new Map<string, number>()
  for (let round = 0; round < ROUNDS; round++) {
    const points = pointsBySeries(entities, curves, thetas)
    const next: Record<string, ResponseCurve> = { ...curves }
    for (const [series, ofSeries] of points) {
      const curve = curves[series]
      if (curve === undefined || SHARED_SLOPES.some((prefix) => series.startsWith(prefix))) continue
      next[series] = fitCurve(curve, ofSeries)
    }
    for (const prefix of SHARED_SLOPES) shareSlope(next, prefix, points)
    curves = next
  }
  return curves
}

function pointsBySeries(
  entities: readonly ScoredEntity[],
  curves: Curves,
  thetas: Map<string, number>,
): ReadonlyMap<string, readonly Point[]> {
  // No deviations in this stage: every effect is held at zero by leaving it out of the curves.
  const plain = Object.fromEntries(
    Object.entries(curves).map(([series, curve]) => [series, { ...curve, effects: [] }]),
  )
  const points = new Map<string, Point[]>()
  const plainTable = { curves: plain, deviationStandardDeviations: {}, standardErrorFactor: 1 }
  for (const { id, prior, scores } of entities) {
    const known = thetas.get(id)
    const { theta } = fitAbility(scores, prior, plainTable, known === undefined ? undefined : [known])
    thetas.set(id, theta)
    for (const { series, score, weight } of scores) {
      const ofSeries = points.get(series) ?? []
      ofSeries.push({ z: theta, score, weight })
      points.set(series, ofSeries)
    }
  }
  return points
}

/** One curve with abilities held: slope, difficulty and ceiling by damped Gauss-Newton steps, then the scale. */
function fitCurve(start: ResponseCurve, points: readonly Point[]): ResponseCurve {
  let curve = start
  for (let step = 0; step < 3; step++) {
    curve = curve.kind === 'logistic' ? logisticStep(curve, points) : linearStep(curve, points)
    curve = { ...curve, scale: bestScale(curve, points) }
  }
  return curve
}

function logisticStep(curve: ResponseCurve, points: readonly Point[]): ResponseCurve {
  const { slope, difficulty, ceiling, chance } = curve
  const parameters = [Math.log(slope), difficulty, ceiling]
  const priors = [PRIORS.logisticLogSlope, PRIORS.difficulty, PRIORS.ceiling]
  const terms = points.map((point) => {
    const logistic = 1 / (1 + Math.exp(-slope * (point.z - difficulty)))
    const steep = (ceiling - chance) * slope * logistic * (1 - logistic)
    return { curve, point, derivatives: [steep * (point.z - difficulty), -steep, logistic] }
  })
  const step = gaussNewtonStep(terms, { parameters, priors })
  return halvedUntilBetter(curve, points, step, (by) => ({
    ...curve,
    slope: Math.exp(Math.log(slope) + (by[0] ?? 0)),
    difficulty: difficulty + (by[1] ?? 0),
    ceiling: Math.min(1, Math.max(LOWEST_CEILING, ceiling + (by[2] ?? 0))),
  }))
}

function linearStep(curve: ResponseCurve, points: readonly Point[]): ResponseCurve {
  const { slope, difficulty } = curve
  const parameters = [Math.log(slope), difficulty]
  const priors = [PRIORS.linearLogSlope, PRIORS.difficulty]
  const terms = points.map((point) => ({ curve, point, derivatives: [slope * point.z, 1] }))
  const step = gaussNewtonStep(terms, { parameters, priors })
  return halvedUntilBetter(curve, points, step, (by) => ({
    ...curve,
    slope: Math.exp(Math.log(slope) + (by[0] ?? 0)),
    difficulty: difficulty + (by[1] ?? 0),
  }))
}

/** One slope for a group of snapshots, their difficulties apart: a joint step on the slope and all difficulties. */
function shareSlope(
  curves: Record<string, ResponseCurve>,
  prefix: string,
  points: ReadonlyMap<string, readonly Point[]>,
): void {
  const members = [...points.keys()].filter(
    (series) => series.startsWith(prefix) && curves[series] !== undefined,
  )
  const slope = members.map((series) => curves[series]?.slope ?? 1)[0]
  if (slope === undefined) return
  const parameters = [Math.log(slope), ...members.map((series) => curves[series]?.difficulty ?? 0)]
  const priors = [PRIORS.linearLogSlope, ...members.map(() => PRIORS.difficulty)]
  const terms = members.flatMap((series, i) => {
    const curve = curves[series]
    const unit = members.map((_, j) => (i === j ? 1 : 0))
    return curve === undefined
      ? []
      : (points.get(series) ?? []).map((point) => ({ curve, point, derivatives: [slope * point.z, ...unit] }))
  })
  const step = gaussNewtonStep(terms, { parameters, priors })
  members.forEach((series, i) => {
    const curve = curves[series]
    if (curve === undefined) return
    const moved = {
      ...curve,
      slope: Math.exp(Math.log(slope) + (step[0] ?? 0)),
      difficulty: curve.difficulty + (step[i + 1] ?? 0),
    }
    curves[series] = { ...moved, scale: bestScale(moved, points.get(series) ?? []) }
  })
}

interface Term {
  readonly curve: ResponseCurve
  readonly point: Point
  /** Of the expected score by each parameter. */
  readonly derivatives: readonly number[]
}

/** Student-t residuals as weighted squares; returns the step towards the most probable parameters. */
function gaussNewtonStep(
  terms: readonly Term[],
  {
    parameters,
    priors,
  }: { readonly parameters: readonly number[]; readonly priors: readonly (readonly [number, number])[] },
): readonly number[] {
  const size = parameters.length
  const matrix = priors.map(([, deviation], i) => priors.map((_, j) => (i === j ? 1 / deviation ** 2 : 0)))
  const right = parameters.map((value, i) => {
    const [mean, deviation] = priors[i] ?? [0, 1]
    return (mean - value) / deviation ** 2
  })
  for (const { curve, point, derivatives } of terms) {
    const noise = scoreNoise(curve, point.score)
    const residual = (point.score - expectedScore(curve, point.z)) / noise
    const trust =
      (point.weight * (STUDENT_DEGREES_OF_FREEDOM + 1)) / (STUDENT_DEGREES_OF_FREEDOM + residual ** 2)
    const slopes = derivatives.map((each) => each / noise)
    for (let i = 0; i < size; i++) {
      right[i] = (right[i] ?? 0) + trust * (slopes[i] ?? 0) * residual
      for (let j = 0; j < size; j++) matrix[i]![j]! += trust * (slopes[i] ?? 0) * (slopes[j] ?? 0)
    }
  }
  return solveSmall(matrix, right)
}

function halvedUntilBetter(
  curve: ResponseCurve,
  points: readonly Point[],
  step: readonly number[],
  apply: (by: readonly number[]) => ResponseCurve,
): ResponseCurve {
  const before = objectiveOf(curve, points)
  for (let scale = 1; scale > 0.01; scale /= 2) {
    const candidate = apply(step.map((each) => each * scale))
    if (objectiveOf(candidate, points) <= before) return candidate
  }
  return curve
}

/** Negative log posterior of a curve, constants left out. */
function objectiveOf(curve: ResponseCurve, points: readonly Point[]): number {
  const logSlopePrior = curve.kind === 'logistic' ? PRIORS.logisticLogSlope : PRIORS.linearLogSlope
  let sum =
    priorTerm(Math.log(curve.slope), logSlopePrior) +
    priorTerm(curve.difficulty, PRIORS.difficulty) +
    priorTerm(Math.log(curve.scale), PRIORS.logScale) +
    (curve.kind === 'logistic' ? priorTerm(curve.ceiling, PRIORS.ceiling) : 0)
  for (const { z, score, weight } of points) {
    const residual = (score - expectedScore(curve, z)) / scoreNoise(curve, score)
    const tail =
      ((STUDENT_DEGREES_OF_FREEDOM + 1) / 2) * Math.log1p(residual ** 2 / STUDENT_DEGREES_OF_FREEDOM)
    sum += weight * (tail + Math.log(curve.scale))
  }
  return sum
}

function priorTerm(value: number, [mean, deviation]: readonly [number, number]): number {
  return 0.5 * ((value - mean) / deviation) ** 2
}

/** The scale of the residual by golden-section search on its logarithm; the objective has one minimum in it. */
function bestScale(curve: ResponseCurve, points: readonly Point[]): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let low = Math.log(LEAST_SCALE[curve.kind])
  let high = Math.log(MOST_SCALE)
  const at = (logScale: number): number => objectiveOf({ ...curve, scale: Math.exp(logScale) }, points)
  for (let i = 0; i < 24; i++) {
    const width = golden * (high - low)
    if (at(high - width) < at(low + width)) high = low + width
    else low = high - width
  }
  return Math.exp((low + high) / 2)
}

/** Gaussian elimination of a small symmetric positive definite system. */
function solveSmall(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0])
  const size = rows.length
  for (let i = 0; i < size; i++) {
    for (let below = i + 1; below < size; below++) {
      const factor = rows[below]![i]! / rows[i]![i]!
      for (let j = i; j <= size; j++) rows[below]![j]! -= factor * rows[i]![j]!
    }
  }
  const solution = Array.from({ length: size }, () => 0)
  for (let i = size - 1; i >= 0; i--) {
    let sum = rows[i]![size]!
    for (let j = i + 1; j < size; j++) sum -= rows[i]![j]! * solution[j]!
    solution[i] = sum / rows[i]![i]!
  }
  return solution
}
