import * as z from 'zod'

const units = [
  'bytes',
  'bytesPerSecond',
  'tokensPerSecond',
  'seconds',
  'tokens',
  'percent',
  'indexPoints',
  'parameters',
  'watts',
  'usd',
] as const

const unitSchema = z.enum(units)

/** A known number with its basis, as every --json output carries it. */
export const figureSchema = z
  .object({
    value: z.number(),
    unit: unitSchema,
    basis: z
      .enum(['measured', 'simulated', 'estimated', 'published'])
      .describe(
        'measured on this machine, simulated by llama.cpp, estimated by a formula, published by a source',
      ),
    low: z.number().exactOptional().describe('lower end of the 80 % interval'),
    high: z.number().exactOptional().describe('upper end of the 80 % interval'),
    source: z.string().describe('what computed or published it'),
    asOf: z.string().exactOptional().describe('ISO date of the source'),
  })
  .meta({ id: 'Figure', description: 'A number with its unit, its basis and where it comes from.' })

/** A number that is not known, with the reason. */
const unknownFigureSchema = z
  .object({ value: z.null(), unit: unitSchema, reason: z.string() })
  .meta({ id: 'UnknownFigure', description: 'A number that is not known; reason says why.' })

/** A figure that may be unknown. */
export const maybeFigureSchema = z.union([figureSchema, unknownFigureSchema])
