import * as z from 'zod'
import { LIBRARY_PLACES } from '#contract/library.ts'
import { figureSchema } from './figure-schema.ts'

const count = z.number().int().nonnegative()

/** `library import --json`, and one entry of `library --json`. */
export const libraryFileOutputSchema = z.object({
  path: z.string().describe('of a sharded model the first part'),
  place: z.enum(LIBRARY_PLACES),
  name: z.string().describe("its own name for itself, the tag in Ollama, or the file's name"),
  fileBytes: count.describe('all parts'),
  shards: z.number().int().positive(),
  modifiedAt: z.string().describe('ISO time'),
  kind: z.enum(['model', 'adapter', 'projector', 'other']).nullable(),
  architecture: z.string().nullable(),
  parameters: count.nullable(),
  quantization: z.string().nullable(),
  contextTokens: count.nullable().describe('the most the weights were made for'),
  license: z.string().nullable().describe('by its own word, else of the catalogue model it is'),
  match: z
    .object({
      model: z.string().describe('id of the catalogue'),
      by: z.enum(['name', 'shape']).describe('it is that model, or has its very sizes'),
    })
    .nullable(),
  fit: z
    .object({
      fit: z.enum(['fits', 'tight', 'no']),
      contextTokens: count,
      memory: figureSchema,
      budgetBytes: z.number().nonnegative().describe('what it may take'),
    })
    .nullable()
    .describe('with this context on the machine asked about; null: no model, or nobody asked'),
  problem: z.string().nullable().describe('why it cannot be used, and what to do'),
})

/** `library --json`. */
export const libraryOutputSchema = z.object({
  files: z.array(libraryFileOutputSchema),
  folders: z.array(
    z.object({
      path: z.string(),
      place: z.enum(LIBRARY_PLACES),
      fileCount: count,
      problem: z.string().nullable().describe('why it could not be looked into, or not all of it'),
    }),
  ),
  ownFolder: z.string().describe('where downloads and copies go'),
})
