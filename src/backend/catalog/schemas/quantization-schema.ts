import * as z from 'zod'
import { isoDate, longText, positive, recordsFile, shortText } from '#backend/catalog/schemas/fields.ts'
import type { SameType } from '#backend/catalog/schemas/same-type.ts'
import type { Quantization } from '#core/quant/quantization.ts'

/** One record of `data/quantizations.json`. */
const quantizationSchema = z.strictObject({
  id: shortText,
  aliases: z.array(shortText),
  engines: z.array(z.enum(['llama.cpp', 'ollama', 'mlx', 'vllm'])).min(1),
  nominalBitsPerWeight: positive,
  group: z.enum(['q4_0', 'q4k', 'q8', 'f16', 'q6k', 'iq23', 'q23k', 'iq4', 'mxfp4', 'gpu4']),
  usesImportanceMatrix: z.boolean(),
  summary: longText,
  source: longText,
  asOf: isoDate,
})

export const quantizationsFileSchema = recordsFile('quantizations', quantizationSchema)

true satisfies SameType<Quantization, z.infer<typeof quantizationSchema>>
