import * as z from 'zod'

const count = z.number().int().nonnegative()
const sha256 = z
  .array(z.string().nullable())
  .describe('of each part in order; null where the hub tells none, and then only the length was checked')

/** `download --list --json`. */
export const downloadListOutputSchema = z.object({
  repository: z.string(),
  revision: z.string(),
  license: z.string().nullable().describe('null: none is stated'),
  mustAccept: z.boolean().describe('download wants --accept-license'),
  gated: z.boolean().describe('only accounts that asked for access: HF_TOKEN is needed'),
  licenseUrl: z.string(),
  files: z.array(
    z.object({
      file: z.string().describe('of a model in parts the first'),
      shards: z.number().int().positive(),
      fileBytes: count.describe('all parts'),
      sha256,
      quantization: z.string().nullable().describe("by the file's name"),
      isHere: z.boolean().describe('it is in the app’s folder already'),
    }),
  ),
})

/** `download --json`. */
export const downloadOutputSchema = z.object({
  repository: z.string(),
  file: z.string(),
  quantization: z.string().nullable(),
  shards: z.number().int().positive(),
  fileBytes: count,
  path: z.string().nullable().describe('of a model in parts the first'),
  sha256,
  checked: z.enum(['sha256', 'length']).describe('what all of it was held to'),
})
