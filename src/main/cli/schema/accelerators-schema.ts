import * as z from 'zod'
import { BACKENDS } from '#core/machine/machine.ts'

const positive = z.number().positive().nullable()
const text = z.string().nullable()

/** `accelerators --json`. */
export const acceleratorsOutputSchema = z.object({
  accelerators: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      aliases: z.array(z.string()),
      vendor: z.enum(['NVIDIA', 'AMD', 'Intel', 'Apple', 'Qualcomm', 'other']),
      architecture: text,
      memoryBytes: positive.describe(
        'as sold; null where it is the RAM of the system, or sold in several sizes',
      ),
      memoryOptionsBytes: z.array(z.number().positive()).describe('every size sold under this name'),
      bandwidthBytesPerSecond: positive,
      fp32FlopsPerSecond: positive,
      fp16FlopsPerSecond: positive.describe('dense, matrix units where present'),
      tdpWatts: positive,
      gpuCores: positive,
      unified: z.boolean(),
      backends: z.array(z.enum(BACKENDS)),
      computeCapability: text,
      gfxTarget: text,
      pciIds: z.array(z.string()),
      released: text,
      note: text,
      sources: z.array(z.string()),
      asOf: z.string(),
      origin: z.enum(['shipped', 'user']),
    }),
  ),
  total: z.number().int().nonnegative().describe('accelerators in the catalogue'),
})
