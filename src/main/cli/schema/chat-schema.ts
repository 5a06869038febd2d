import * as z from 'zod'
import { STOP_REASONS } from '#core/chat/generation.ts'
import { figureSchema, maybeFigureSchema } from './figure-schema.ts'
import { measuredEngineSchema } from './measure-schema.ts'

const count = z.number().int().nonnegative()

/** `chat --json`. */
export const chatOutputSchema = z.object({
  name: z.string().describe('of what answered'),
  kind: z.enum(['pilot', 'file', 'endpoint']),
  text: z.string(),
  thought: z.string().nullable().describe('what a reasoning model thought before it answered'),
  stopReason: z.enum(STOP_REASONS),
  tokens: maybeFigureSchema.describe('of the answer, thoughts included'),
  promptTokens: maybeFigureSchema,
  timeToFirstToken: maybeFigureSchema,
  decode: maybeFigureSchema.describe('speed of the answer after its first token'),
  prefill: maybeFigureSchema.describe('speed at which the prompt was read'),
  memory: z.object({ resident: maybeFigureSchema, accelerator: maybeFigureSchema }),
  usd: maybeFigureSchema.describe('what an endpoint charges, by the prices of the settings'),
  engine: measuredEngineSchema.nullable().describe('null of endpoints'),
  contextTokens: count.nullable(),
  contextUsedTokens: count.nullable(),
  gpuLayers: count.nullable(),
  prediction: z
    .object({
      model: z.string().describe('id of the catalogue; of a shape read from the file, its own name'),
      quantization: z.string(),
      matchedBy: z.enum(['name', 'shape', 'header']),
      decode: maybeFigureSchema,
      prefill: maybeFigureSchema,
      memory: figureSchema,
      decodeError: z
        .number()
        .nullable()
        .describe('(predicted - measured) / measured; null where either is not known'),
    })
    .nullable(),
  noPrediction: z.string().nullable().describe('why there is none'),
})
