import * as z from 'zod'
import { count, isoDate, longText, shortText } from '#backend/catalog/schemas/fields.ts'
import type { SameType } from '#backend/catalog/schemas/same-type.ts'
import type { QualityTable } from '#core/quality/quality.ts'

const indexPoints = z.number().min(0).max(100)
const share = z.number().min(0).max(1)

const mode = z.strictObject({
  mode: z.enum(['without-reasoning', 'medium-effort', 'low-effort']),
  theta: z.number(),
  standardError: z.number().nonnegative(),
  index: indexPoints,
  low: indexPoints,
  high: indexPoints,
  scores: count,
})

const qualityRecord = z.strictObject({
  id: shortText,
  name: shortText,
  open: z.boolean(),
  listed: z.boolean(),
  basis: z.enum(['measured', 'few-scores', 'one-score', 'developer-only', 'estimated', 'none']),
  index: indexPoints.nullable(),
  low: indexPoints.nullable(),
  high: indexPoints.nullable(),
  scores: count,
  benchmarks: count,
  independentScores: count,
  withheldScores: count,
  useCases: z
    .strictObject({
      chat: indexPoints.nullable(),
      code: indexPoints.nullable(),
      reasoning: indexPoints.nullable(),
      documents: indexPoints.nullable(),
      vision: indexPoints.nullable(),
      multilingual: indexPoints.nullable(),
    })
    .nullable(),
  theta: z.number().nullable(),
  standardError: z.number().nonnegative().nullable(),
  priorTheta: z.number().nullable(),
  priorStandardDeviation: z.number().nonnegative().nullable(),
  modes: z.array(mode),
})

const responseCurve = z.strictObject({
  kind: z.enum(['logistic', 'linear']),
  chance: share,
  ceiling: z.number(),
  slope: z.number(),
  difficulty: z.number(),
  scale: z.number().nonnegative(),
  constantNoise: z.boolean(),
  effects: z.array(shortText),
  scores: count,
})

/** `data/quality-index.json`: one table, not a list of independent records, because the curves tie them together. */
export const qualityFileSchema = z.strictObject({
  schema: z.literal('inhouse/quality-index/1'),
  asOf: isoDate,
  about: longText,
  attribution: z.array(longText).min(1),
  exam: z.array(shortText).min(1),
  deviationStandardDeviations: z.record(z.string(), z.number().nonnegative()),
  standardErrorFactor: z.number().positive(),
  gapToWinRate: z.array(z.strictObject({ fromPoints: indexPoints, toPoints: indexPoints, share })),
  curves: z.record(z.string(), responseCurve),
  models: z.array(qualityRecord).min(1),
})

true satisfies SameType<Omit<QualityTable, 'schema'>, Omit<z.infer<typeof qualityFileSchema>, 'schema'>>
