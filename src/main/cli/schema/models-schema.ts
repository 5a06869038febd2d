import * as z from 'zod'
import { maybeFigureSchema } from './figure-schema.ts'
import { recommendationFields } from './plan-schema.ts'

/** `models --json`. */
export const modelsOutputSchema = z.object({
  models: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      developer: z.string(),
      family: z.string(),
      kind: z.enum(['chat', 'reasoning', 'vision', 'code', 'base', 'embedding']),
      released: z.string(),
      license: z.string(),
      totalParameters: z.number().positive(),
      activeParameters: z.number().positive().nullable().describe('of a mixture of experts; else null'),
      contextTokens: z.number().int().positive().describe('the most the weights were made for'),
      modalities: z.array(z.string()),
      quality: maybeFigureSchema.describe(
        'quality index for the use case asked for, or for what the model is made for',
      ),
      note: z.string().nullable(),
      sources: z.array(z.string()),
      asOf: z.string(),
      origin: z.enum(['shipped', 'user']),
      plan: z
        .object({
          quantization: recommendationFields.quantization,
          contextTokens: recommendationFields.contextTokens,
          fileBytes: recommendationFields.fileBytes,
          totalBytes: recommendationFields.memory.shape.total,
          fit: recommendationFields.fit,
          missingBytes: recommendationFields.missingBytes,
          decode: recommendationFields.decode,
        })
        .nullable()
        .describe(
          'its best plan on the machine asked about, or the nearest; null: no engine runs it, or no machine was asked about',
        ),
    }),
  ),
  total: z.number().int().nonnegative().describe('models in the catalogue'),
})
