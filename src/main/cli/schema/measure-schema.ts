import * as z from 'zod'
import { figureSchema, maybeFigureSchema } from './figure-schema.ts'
import { kvTypeSchema, modelReferenceSchema, placementSchema } from './plan-schema.ts'
import { BACKENDS } from '#core/machine/machine.ts'

export const measuredEngineSchema = z.object({
  name: z.literal('llama.cpp'),
  release: z.string().nullable(),
  nodeLlamaCpp: z.string(),
  backend: z.enum(BACKENDS),
  threads: z.number().int().nonnegative(),
})

const repetitions = z.number().int().positive()

const runSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('decode'),
      depthTokens: z.number().int().nonnegative().describe('tokens in the cache of each stream'),
      streams: z.number().int().positive().describe('decoded at once; the speed is of one of them'),
      speed: figureSchema,
      repetitions,
    }),
    z.object({
      kind: z.literal('prefill'),
      promptTokens: z.number().int().positive(),
      speed: figureSchema,
      repetitions,
    }),
  ])
  .meta({ id: 'MeasuredRun', description: 'Repetitions of one thing: median, 10th and 90th percentile.' })

const bufferSchema = z.object({
  place: z.string().describe("llama.cpp's name of the place: CPU_Mapped, CPU_REPACK, CUDA0"),
  use: z.enum(['weights', 'kvCache', 'state', 'compute', 'output']),
  bytes: z.number().nonnegative(),
})

/** `measure --json`. */
export const measureOutputSchema = z.object({
  id: z.string().describe('under which it is kept'),
  measuredAt: z.string(),
  method: z.enum(['quick', 'full']),
  machineName: z.string(),
  engine: measuredEngineSchema,
  plan: z
    .object({
      model: modelReferenceSchema,
      quantization: z.string(),
      contextTokens: z.number().int().positive(),
      users: z.number().int().positive(),
      kvType: kvTypeSchema,
      depthTokens: z.number().int().nonnegative(),
      placement: placementSchema,
      fileBytes: figureSchema,
    })
    .describe('what ran'),
  decode: maybeFigureSchema.describe('one stream, at the measured depth nearest to depthTokens'),
  prefill: maybeFigureSchema.describe('the measured prompt nearest to 512 tokens'),
  memory: z
    .object({
      resident: maybeFigureSchema.describe('all that the process held in RAM at its fullest'),
      mapped: maybeFigureSchema.describe('pages of the model file among it'),
      anonymous: maybeFigureSchema.describe('repacked weights, cache and buffers among it'),
      baseline: maybeFigureSchema.describe('what the process held before the model'),
      accelerator: maybeFigureSchema,
      buffers: z.array(bufferSchema).nullable().describe('what llama.cpp said it allocated'),
    })
    .describe('not known of a quick run, which measures no memory'),
  runs: z.array(runSchema),
  othersBusyProcessors: z
    .number()
    .nonnegative()
    .nullable()
    .describe(
      'processors that other programs kept busy meanwhile; above 0.3 a CPU measurement corrects nothing',
    ),
  took: figureSchema,
  predicted: z
    .object({
      decode: maybeFigureSchema,
      prefill: maybeFigureSchema,
      resident: maybeFigureSchema,
      accelerator: maybeFigureSchema,
      fileBytes: figureSchema,
    })
    .describe('what the formulas alone said, at the measured depth'),
  calibrated: z
    .object({ decode: maybeFigureSchema, prefill: maybeFigureSchema })
    .nullable()
    .describe('what earlier measurements made of it; null where there were none'),
})
