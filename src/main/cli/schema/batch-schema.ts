import * as z from 'zod'
import { figureSchema, maybeFigureSchema } from './figure-schema.ts'
import { engineSchema, fitSchema, kvTypeSchema, memorySchema } from './plan-schema.ts'

const MOST_CONTEXT_TOKENS = 1_000_000_000
const MOST_GIBIBYTES = 64 * 1024

const idSchema = z.union([z.string(), z.number()], 'expected a text or a number')
const tokens = z.number().int().positive().max(MOST_CONTEXT_TOKENS)

/** One line into `plan --batch`. */
export const batchLineSchema = z
  .object({
    id: idSchema.optional().describe('comes back in the answer; default: the number of the line'),
    model: z.string().min(1),
    quant: z.string().min(1).optional().describe('default: the usual four bits of the engine'),
    context: tokens.optional().describe('tokens, for each user; default 8192 or the most the model handles'),
    depth: z
      .number()
      .int()
      .nonnegative()
      .max(MOST_CONTEXT_TOKENS)
      .optional()
      .describe('tokens in the cache when decoding is timed'),
    kv: kvTypeSchema.optional(),
    users: z.number().int().positive().max(100_000).optional(),
    gpuLayers: z
      .union(
        [z.number().int().nonnegative(), z.enum(['auto', 'all'])],
        'expected a whole number, "auto" or "all"',
      )
      .optional(),
    gpu: z
      .union(
        [z.string().min(1), z.array(z.string().min(1)).min(1)],
        'expected the name of a GPU, or a list of names',
      )
      .optional()
      .describe(
        '"RTX 4090", "2x RTX 3090", "M2 Max 38", "none"; several as a list; default: this machine\'s',
      ),
    vramGb: z.number().positive().max(MOST_GIBIBYTES).optional().describe('memory of the GPU, in GiB'),
    ram: z
      .union(
        [z.string().min(1), z.number().positive().max(MOST_GIBIBYTES)],
        'expected a size like "64GB", or a number of GiB',
      )
      .optional()
      .describe('"64GB", or a number of GiB'),
    cpuCores: z.number().int().positive().max(4096).optional(),
    backend: z.enum(['cuda', 'vulkan', 'rocm', 'metal', 'mlx', 'cpu']).optional(),
    engine: engineSchema.optional(),
    useReserve: z.boolean().optional(),
  })
  .meta({ id: 'BatchLine' })

/** One line out of `plan --batch`. */
export const batchAnswerSchema = z.union([
  z.object({
    id: idSchema,
    fileBytes: figureSchema,
    memory: memorySchema,
    fit: fitSchema,
    decode: maybeFigureSchema,
    prefill: maybeFigureSchema,
    ignored: z.array(z.string()).optional().describe('fields of the line that mean nothing here'),
  }),
  z.object({ id: idSchema, line: z.number().int().positive(), error: z.string() }),
])
