import * as z from 'zod'
import { machineSchema } from './machine-schema.ts'

/** `doctor --json`. */
export const doctorOutputSchema = z.object({
  version: z.string().describe('of Inhouse'),
  nodeVersion: z.string(),
  machine: machineSchema,
  report: z.string().describe('the text to paste'),
})
