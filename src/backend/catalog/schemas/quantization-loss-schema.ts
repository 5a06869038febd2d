import * as z from 'zod'
import { count, isoDate, longText, positive, shortText } from '#backend/catalog/schemas/fields.ts'
import type { SameType } from '#backend/catalog/schemas/same-type.ts'
import type { QuantizationLossTable } from '#core/quality/quantization-loss.ts'

const band = z.enum(['original', '5-bit-and-above', '4-bit', '3-bit', 'below-3-bit'])

const typeLoss = z.strictObject({
  quantization: shortText,
  referenceKldNats: z.number().nonnegative(),
  importanceMatrix: z.boolean(),
  band,
  basis: longText,
  source: longText,
  asOf: isoDate,
})

const lossClass = z.strictObject({
  id: z.enum([
    'dense-below-1b',
    'dense-1b-to-5b',
    'dense-from-6b',
    'llama-3-8b',
    'experts-below-15b',
    'experts-from-30b',
  ]),
  factor: positive,
  seenLow: positive,
  seenHigh: positive,
  models: count,
})

const measurement = z.strictObject({
  model: shortText,
  modelId: shortText.nullable(),
  totalParameters: positive.nullable(),
  activeParameters: positive.nullable(),
  quantization: shortText,
  top1AgreementPercent: z.number().min(0).max(100).nullable(),
  kldNats: z.number().nonnegative().nullable(),
  corpus: shortText.nullable(),
  importanceMatrix: z.boolean().nullable(),
  source: longText.nullable(),
  asOf: isoDate,
})

/** `data/quantization-loss.json`: one table, tied together by the curve that joins its two measures. */
export const quantizationLossFileSchema = z.strictObject({
  schema: z.literal('inhouse/quantization-loss/1'),
  asOf: isoDate,
  disagreement: z.strictObject({
    coefficientPercent: positive,
    exponent: positive,
    largestKldNats: positive,
    factorStandardDeviation: positive,
    pairs: count,
    source: longText,
  }),
  bands: z.array(z.strictObject({ band, halfWidthPoints: positive.nullable() })),
  classes: z.array(lossClass).min(1),
  types: z.array(typeLoss).min(1),
  natives: z.array(
    z.strictObject({ modelId: shortText, quantization: shortText, source: longText, asOf: isoDate }),
  ),
  measurements: z.array(measurement),
})

true satisfies SameType<
  Omit<QuantizationLossTable, 'schema'>,
  Omit<z.infer<typeof quantizationLossFileSchema>, 'schema'>
>
