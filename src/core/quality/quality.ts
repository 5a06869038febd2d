import { oncePer } from '#core/lookup/once-per.ts'
import type { UseCase } from '#core/advise/needs.ts'
import type { Figure, MaybeFigure } from '#core/figure/figure.ts'
import type { Model } from '#core/model/model.ts'

/** How well an index is supported, from many independent scores down to nothing at all. */
export type QualityBasis =
  | 'measured'
  | 'few-scores'
  | 'one-score'
  | 'developer-only'
  /** No published score: expected from size, date, kind and siblings. */
  | 'estimated'
  /** Not an answering model (embeddings): the index does not apply. */
  | 'none'

/** Areas with an index of their own. */
export type QualityArea = 'chat' | 'code' | 'reasoning' | 'documents' | 'vision' | 'multilingual'

/** Another setting of the same weights. */
export interface QualityMode {
  readonly mode: 'without-reasoning' | 'medium-effort' | 'low-effort'
  readonly theta: number
  readonly standardError: number
  readonly index: number
  readonly low: number
  readonly high: number
  readonly scores: number
}

/** What is known of the quality of one model; the main figure is its best published setting. */
export interface QualityRecord {
  readonly id: string
  readonly name: string
  /** Weights can be had. */
  readonly open: boolean
  /** In the model catalogue (the others pin down the scale and serve comparisons with services). */
  readonly listed: boolean
  readonly basis: QualityBasis
  /** 0 to 100; null only for basis `none`. */
  readonly index: number | null
  /** 90 % interval. */
  readonly low: number | null
  readonly high: number | null
  /** Published scores behind the index, withheld ones included. */
  readonly scores: number
  readonly benchmarks: number
  readonly independentScores: number
  /** Scores used in the fit whose redistribution is not settled; they are not in `data/quality-scores.jsonl`. */
  readonly withheldScores: number
  /** Null where the model has no score of that area. */
  readonly useCases: Readonly<Record<QualityArea, number | null>> | null
  /** Latent ability; standard deviation 1 over the models with an Arena text rating. */
  readonly theta: number | null
  readonly standardError: number | null
  /** What theta was expected to be before any score; needed to fit it again. */
  readonly priorTheta: number | null
  readonly priorStandardDeviation: number | null
  readonly modes: readonly QualityMode[]
}

/**
 * Response curve of one series (a benchmark under one harness): the score expected at an ability.
 * Logistic: chance + (ceiling - chance) / (1 + exp(-slope (z - difficulty))). Linear: difficulty + slope z.
 */
export interface ResponseCurve {
  readonly kind: 'logistic' | 'linear'
  readonly chance: number
  readonly ceiling: number
  readonly slope: number
  readonly difficulty: number
  /** Scale of the Student-t residual. */
  readonly scale: number
  /** True: the noise does not shrink towards 0 and 100 %. */
  readonly constantNoise: boolean
  /** Deviations of a model that its scores here carry: areas, and `src:` for who measured. */
  readonly effects: readonly string[]
  /** Scores the curve was fitted on. */
  readonly scores: number
}

/** `data/quality-index.json`. */
export interface QualityTable {
  readonly schema: string
  readonly asOf: string
  readonly about: string
  readonly attribution: readonly string[]
  /** Series of the reference exam; the index is the share of its points, chance taken off. */
  readonly exam: readonly string[]
  readonly deviationStandardDeviations: Readonly<Record<string, number>>
  /** Factor on the standard error that makes held-out intervals hold what they promise. */
  readonly standardErrorFactor: number
  /** How often the model with the higher index wins a held-out benchmark, by gap. */
  readonly gapToWinRate: readonly {
    readonly fromPoints: number
    readonly toPoints: number
    readonly share: number
  }[]
  readonly curves: Readonly<Record<string, ResponseCurve>>
  readonly models: readonly QualityRecord[]
}

/** In the source of a quality figure that is not the index of the use case itself. */
export const GENERAL_INDEX_WORDS = 'general index'

const recordsById = oncePer(
  (table: QualityTable): ReadonlyMap<string, QualityRecord> =>
    new Map(table.models.map((record) => [record.id, record])),
)

/** The record of a model id, if the table has one. */
export function qualityRecord(modelId: string, table: QualityTable): QualityRecord | null {
  return recordsById(table).get(modelId) ?? null
}

/**
 * Quality index (0 to 100) of a model for a use case: the index of that area where the model has scores of it, else the
 * general one. A model without published scores gets an unknown figure; see `similarRange` for what stands beneath it.
 */
export function qualityOf(model: Model, useCase: UseCase, table: QualityTable): MaybeFigure {
  const record = qualityRecord(model.id, table)
  if (useCase === 'embedding' || model.kind === 'embedding' || record?.basis === 'none') {
    return unknownQuality('no published scores: the index does not cover embedding models')
  }
  if (record === null || record.index === null || record.basis === 'estimated')
    return unknownQuality('no published scores')
  const areaIndex = record.useCases?.[useCase] ?? null
  const shift = areaIndex === null ? 0 : areaIndex - record.index
  return {
    value: areaIndex ?? record.index,
    unit: 'indexPoints',
    basis: 'estimated',
    low: clampIndex((record.low ?? record.index) + shift),
    high: clampIndex((record.high ?? record.index) + shift),
    source: `${describeScores(record)}; ${areaIndex === null ? GENERAL_INDEX_WORDS : `${useCase} index`}, 90 % interval`,
    asOf: table.asOf,
  }
}

/** What an index rests on, in words: "11 published scores", "one published score", "developer's figures only". */
function describeScores(record: QualityRecord): string {
  switch (record.basis) {
    case 'measured':
    case 'few-scores':
      return `${record.scores} published scores`
    case 'one-score':
      return 'one published score'
    case 'developer-only':
      return `developer's figures only (${record.scores})`
    case 'estimated':
    case 'none':
      return 'no published scores'
  }
}

/**
 * Where models of the same size, date, kind and family stand, for a model without published scores ("similar models:
 * 31 to 46"). It measures the company a model keeps, not the model; null where even that is not known.
 */
export function similarRange(model: Model, table: QualityTable): Figure | null {
  const record = qualityRecord(model.id, table)
  if (record === null || record.basis !== 'estimated' || record.index === null) return null
  return {
    value: record.index,
    unit: 'indexPoints',
    basis: 'estimated',
    low: record.low ?? record.index,
    high: record.high ?? record.index,
    source: 'similar models by size, date, kind and family; 90 % interval',
    asOf: table.asOf,
  }
}

function unknownQuality(reason: string): MaybeFigure {
  return { value: null, unit: 'indexPoints', reason }
}

function clampIndex(index: number): number {
  return Math.min(100, Math.max(0, index))
}
