import * as z from 'zod'
import { smokeRecordSchema } from '#backend/store/measurement-schema.ts'
import { SMOKE_CHECKS } from '#core/smoke/smoke-record.ts'
import { figureSchema, maybeFigureSchema } from './figure-schema.ts'

const outcome = z.enum(['passed', 'failed', 'not-asked']).nullable()

const comparedNumber = z.object({
  values: z.tuple([z.number().nullable(), z.number().nullable()]),
  ratio: z.number().nonnegative().nullable().describe('the second as a multiple of the first'),
})

/** `smoke --json`. */
export const smokeOutputSchema = z.object({
  passed: z.boolean().describe('of all tests; exit code 1 where it is false'),
  tests: z
    .array(
      smokeRecordSchema.extend({
        predicted: z
          .object({
            modelId: z.string(),
            matchedBy: z.enum(['name', 'shape', 'header']),
            decode: maybeFigureSchema,
            prefill: maybeFigureSchema,
            memory: figureSchema,
          })
          .nullable(),
        notPredicted: z.string().nullable().describe('why nothing was predicted'),
      }),
    )
    .describe('one or two, as they are kept'),
  comparison: z
    .object({
      checks: z.array(
        z.object({
          id: z.enum(SMOKE_CHECKS),
          outcomes: z.tuple([outcome, outcome]),
          answers: z.tuple([z.array(z.string()), z.array(z.string())]),
          sameAnswers: z
            .boolean()
            .nullable()
            .describe('null where it was not asked of both, or not the same'),
        }),
      ),
      changedOutcomes: z.number().int().nonnegative(),
      changedAnswers: z.number().int().nonnegative(),
      decode: comparedNumber,
      prefill: comparedNumber,
      fileBytes: comparedNumber,
      residentBytes: comparedNumber,
      acceleratorBytes: comparedNumber,
    })
    .nullable()
    .describe('of two tests'),
})
