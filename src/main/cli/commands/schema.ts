import * as z from 'zod'
import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { acceleratorsOutputSchema } from '../schema/accelerators-schema.ts'
import { batchAnswerSchema, batchLineSchema } from '../schema/batch-schema.ts'
import { chatOutputSchema } from '../schema/chat-schema.ts'
import { doctorOutputSchema } from '../schema/doctor-schema.ts'
import { downloadListOutputSchema, downloadOutputSchema } from '../schema/download-schema.ts'
import { libraryFileOutputSchema, libraryOutputSchema } from '../schema/library-schema.ts'
import { scanOutputSchema } from '../schema/machine-schema.ts'
import { measureOutputSchema } from '../schema/measure-schema.ts'
import { importOutputSchema, measurementsOutputSchema } from '../schema/measurements-schema.ts'
import { modelsOutputSchema } from '../schema/models-schema.ts'
import { planOutputSchema } from '../schema/plan-schema.ts'
import { recommendOutputSchema } from '../schema/recommend-schema.ts'
import { smokeOutputSchema } from '../schema/smoke-schema.ts'
import { usageError } from '../usage-error.ts'

/** Every documented output (and the one input) by the name `inhouse schema NAME` knows it under. */
export const OUTPUT_SCHEMAS = {
  scan: scanOutputSchema,
  recommend: recommendOutputSchema,
  plan: planOutputSchema,
  'batch-line': batchLineSchema,
  'batch-answer': batchAnswerSchema,
  measure: measureOutputSchema,
  measurements: measurementsOutputSchema,
  import: importOutputSchema,
  chat: chatOutputSchema,
  smoke: smokeOutputSchema,
  models: modelsOutputSchema,
  accelerators: acceleratorsOutputSchema,
  doctor: doctorOutputSchema,
  library: libraryOutputSchema,
  'library-file': libraryFileOutputSchema,
  download: downloadOutputSchema,
  'download-list': downloadListOutputSchema,
} as const

/** Fields may be added to an output later, so the published schema does not forbid more than it names. */
function jsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, {
    override: ({ jsonSchema: part }) => {
      if (part.additionalProperties === false) delete part.additionalProperties
    },
  })
}

/** `inhouse schema`. */
export async function schema(output: string | undefined, context: CliContext): Promise<void> {
  if (output === undefined) {
    const all = z
      .object(OUTPUT_SCHEMAS)
      .partial()
      .describe('Each property is the schema of one output of the inhouse command line.')
    return writeJson(context, { title: 'Inhouse command line', ...jsonSchema(all) })
  }
  const one = new Map<string, z.ZodType>(Object.entries(OUTPUT_SCHEMAS)).get(output)
  if (one === undefined) {
    throw usageError(
      `No output is called "${output}".`,
      `There are: ${Object.keys(OUTPUT_SCHEMAS).join(', ')}.`,
    )
  }
  return writeJson(context, { title: `inhouse ${output}`, ...jsonSchema(one) })
}
