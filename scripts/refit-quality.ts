/**
 * Fits the ability of every model again from the shipped scores, with the response curves frozen, and compares the
 * result with the shipped index: `node scripts/refit-quality.ts [--curves] [--json]`. With `--curves` the curves are fitted
 * again too, first; that is what a new benchmark or a yearly refresh needs.
 *
 * Scores whose redistribution is not settled are not shipped; models that rest on them alone keep the shipped figure.
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import {
  expectedScore,
  fitAbility,
  indexOfAbility,
  scaleScore,
  scoreNoise,
  type Ability,
  type Score,
  type ScoreUnit,
} from '#core/quality/fit-ability.ts'
import { fitCurves } from '#core/quality/fit-curves.ts'
import type { QualityRecord, QualityTable } from '#core/quality/quality.ts'

/** A line of `data/quality-scores.jsonl`. */
export interface PublishedScore {
  readonly model: string
  /** Null: the model's best published setting. */
  readonly mode: string | null
  readonly series: string
  readonly benchmark: string
  readonly value: number
  readonly unit: ScoreUnit
  readonly weight: number
  readonly source: string
  readonly asOf: string | null
}

export interface Refit {
  readonly id: string
  readonly record: QualityRecord
  readonly usedScores: number
  readonly ability: Ability
  readonly index: number
  readonly low: number
  readonly high: number
}

export interface HeldOutErrors {
  readonly percentMeanError: number
  readonly percentCount: number
  readonly eloMeanError: number
  readonly eloCount: number
  /** Share of held-out scores inside their 90 % prediction interval. */
  readonly coverage: number
}

const INDEX_INTERVAL = 1.645
/** 95th percentile of Student's t with 4 degrees of freedom: the two-sided 90 % interval of a residual. */
const RESIDUAL_INTERVAL = 2.132
const FOLDS = 10
const UNKNOWN_PRIOR = { mean: 0, standardDeviation: 1.5 }

/** Reads the shipped table. */
export function readQualityTable(): QualityTable {
  return JSON.parse(
    readFileSync(new URL('../data/quality-index.json', import.meta.url), 'utf8'),
  ) as QualityTable
}

/** Reads the shipped scores. */
export function readPublishedScores(): readonly PublishedScore[] {
  const text = readFileSync(new URL('../data/quality-scores.jsonl', import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PublishedScore)
}

/** Fits every model that has shipped scores of its best setting; the rest cannot be fitted from here. */
export function refitQuality(table: QualityTable, published: readonly PublishedScore[]): readonly Refit[] {
  const byModel = scoresOfBestSetting(published)
  return table.models.flatMap((record) => {
    const scores = byModel.get(record.id) ?? []
    const prior = priorOf(record)
    if (scores.length === 0 || prior === null) return []
    const ability = fitAbility(scores.map(toScore), prior, table)
    const reach = INDEX_INTERVAL * ability.standardError
    return [
      {
        id: record.id,
        record,
        usedScores: scores.length,
        ability,
        index: indexOfAbility(ability.theta, table),
        low: indexOfAbility(ability.theta - reach, table),
        high: indexOfAbility(ability.theta + reach, table),
      },
    ]
  })
}

/**
 * The table with its curves fitted again from all shipped scores, every setting of a model an entity of its own. Priors of
 * settings other than the best are not shipped: they get the wide one of a model of which nothing else is known.
 */
export function withRefittedCurves(table: QualityTable, published: readonly PublishedScore[]): QualityTable {
  const priors = new Map(table.models.map((record) => [record.id, priorOf(record)]))
  const entities = Map.groupBy(published, (score) => `${score.model}#${score.mode ?? ''}`)
  const curves = fitCurves(
    [...entities].map(([id, scores]) => ({
      id,
      prior: (id.endsWith('#') ? priors.get(id.slice(0, -1)) : null) ?? UNKNOWN_PRIOR,
      scores: scores.map(toScore),
    })),
    table,
  )
  return { ...table, curves }
}

/**
 * Ten folds over (model, benchmark) with the curves frozen: every snapshot and harness of a pair is held out together.
 * The curves have seen the held-out scores, so the errors are a little lower than with the curves fitted again.
 */
export function heldOutErrors(table: QualityTable, published: readonly PublishedScore[]): HeldOutErrors {
  const errors = { percent: [] as number[], elo: [] as number[], inside: 0 }
  const byModel = scoresOfBestSetting(published)
  for (const record of table.models) {
    const prior = priorOf(record)
    const scores = byModel.get(record.id) ?? []
    if (prior === null || scores.length < 2) continue
    const benchmarks = [...new Set(scores.map((score) => score.benchmark))].toSorted()
    for (let fold = 0; fold < FOLDS; fold++) {
      const held = new Set(benchmarks.filter((_, i) => i % FOLDS === fold))
      if (held.size === 0) continue
      const ability = fitAbility(
        scores.filter((score) => !held.has(score.benchmark)).map(toScore),
        prior,
        table,
      )
      for (const score of scores) if (held.has(score.benchmark)) addError(score, ability, table, errors)
    }
  }
  const all = errors.percent.length + errors.elo.length
  return {
    percentMeanError: mean(errors.percent),
    percentCount: errors.percent.length,
    eloMeanError: mean(errors.elo),
    eloCount: errors.elo.length,
    coverage: errors.inside / all,
  }
}

function addError(
  score: PublishedScore,
  ability: Ability,
  table: QualityTable,
  errors: { readonly percent: number[]; readonly elo: number[]; inside: number },
): void {
  const curve = table.curves[score.series]
  if (curve === undefined) return
  let z = ability.theta
  let variance = ability.standardError ** 2
  for (const effect of curve.effects) {
    const deviation = ability.deviations[effect]
    z += deviation ?? 0
    if (deviation === undefined) variance += (table.deviationStandardDeviations[effect] ?? 0) ** 2
  }
  const expected = expectedScore(curve, z)
  const step = 0.01
  const slope = (expectedScore(curve, z + step) - expected) / step
  const half = Math.hypot(
    RESIDUAL_INTERVAL * scoreNoise(curve, expected),
    INDEX_INTERVAL * slope * Math.sqrt(variance),
  )
  const error = Math.abs(scaleScore(score.value, score.unit) - expected)
  if (error <= half) errors.inside++
  if (score.unit === 'elo') errors.elo.push(error * 400)
  else errors.percent.push(error * 100)
}

function scoresOfBestSetting(
  published: readonly PublishedScore[],
): ReadonlyMap<string, readonly PublishedScore[]> {
  return Map.groupBy(
    published.filter((score) => score.mode === null),
    (score) => score.model,
  )
}

function toScore(score: PublishedScore): Score {
  return { series: score.series, score: scaleScore(score.value, score.unit), weight: score.weight }
}

function priorOf(record: QualityRecord) {
  if (record.priorTheta === null || record.priorStandardDeviation === null) return null
  return { mean: record.priorTheta, standardDeviation: record.priorStandardDeviation }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function differenceOf(refit: Refit): number {
  return refit.index - (refit.record.index ?? refit.index)
}

function printSummary(table: QualityTable, refits: readonly Refit[], held: HeldOutErrors): void {
  const exact = refits.filter((refit) => refit.record.withheldScores === 0)
  const moved = refits
    .filter((refit) => refit.record.withheldScores > 0)
    .toSorted((a, b) => Math.abs(differenceOf(b)) - Math.abs(differenceOf(a)))
  const largest = Math.max(...exact.map((refit) => Math.abs(differenceOf(refit))))
  console.log(
    `${exact.length} models with all their scores shipped: largest difference ${largest.toFixed(3)} points`,
  )
  console.log(
    `${moved.length} models with withheld scores: mean difference ${mean(moved.map((refit) => Math.abs(differenceOf(refit)))).toFixed(2)} points; most:`,
  )
  for (const refit of moved.slice(0, 10)) {
    console.log(
      `  ${refit.id}: ${(refit.record.index ?? 0).toFixed(1)} shipped, ${refit.index.toFixed(1)} (${refit.low.toFixed(0)}–${refit.high.toFixed(0)}) from ${refit.usedScores} shipped scores`,
    )
  }
  const alone = table.models.filter(
    (record) => record.scores > 0 && record.scores === record.withheldScores && record.listed,
  )
  console.log(`${alone.length} catalogue models rest on withheld scores alone and keep the shipped figure:`)
  for (const record of alone) console.log(`  ${record.id}`)
  console.log(
    `held out: ${held.percentMeanError.toFixed(2)} points over ${held.percentCount} percent scores, ${held.eloMeanError.toFixed(1)} Elo over ${held.eloCount}; ` +
      `the 90 % interval holds ${(100 * held.coverage).toFixed(1)} %`,
  )
}

function main(): void {
  const published = readPublishedScores()
  const shipped = readQualityTable()
  const table = process.argv.includes('--curves') ? withRefittedCurves(shipped, published) : shipped
  const refits = refitQuality(table, published)
  if (process.argv.includes('--json')) {
    const rows = refits.map(({ id, index, low, high, usedScores, ability }) => ({
      id,
      index,
      low,
      high,
      usedScores,
      theta: ability.theta,
      standardError: ability.standardError,
    }))
    console.log(JSON.stringify(rows, null, 2))
    return
  }
  printSummary(table, refits, heldOutErrors(table, published))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
