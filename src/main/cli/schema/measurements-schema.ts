import * as z from 'zod'
import {
  machineSpeedSchema,
  measurementSchema,
  smokeRecordSchema,
} from '#backend/store/measurement-schema.ts'

/** `measurements --json`. */
export const measurementsOutputSchema = z.object({
  machine: z.string().describe('what tells this machine from others; the same on identical machines'),
  runs: z
    .array(measurementSchema)
    .describe('measured plans of every machine, newest first, as they are exported'),
  machines: z.array(machineSpeedSchema).describe('how fast machines read and compute, newest first'),
  smokes: z.array(smokeRecordSchema).describe('smoke tests of models, newest first'),
  predicted: z
    .array(
      z.object({
        id: z.string(),
        depthTokens: z.number().int().nonnegative(),
        predictedTokensPerSecond: z.number().positive().describe('by the formulas alone'),
        calibratedTokensPerSecond: z
          .number()
          .positive()
          .nullable()
          .describe('corrected by measurements of other models on this machine; null where there are none'),
        measuredTokensPerSecond: z.number().positive(),
      }),
    )
    .describe('decode speed of one stream, of the runs of this machine'),
})

/** `measurements import --json`. */
export const importOutputSchema = z.object({
  added: z.number().int().nonnegative(),
  known: z.number().int().nonnegative().describe('already kept'),
  rejected: z.array(z.object({ line: z.number().int().positive(), reason: z.string() })),
})
