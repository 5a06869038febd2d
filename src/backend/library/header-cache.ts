import path from 'node:path'
import * as z from 'zod'
import type { LibraryEntry } from '#backend/library/library-entries.ts'
import { readJsonFile, writeJsonFile } from '#backend/store/json-file.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { ModelHeader } from '#core/library/model-header.ts'

/** Headers read before, kept in the user's folder: a file that has neither changed its length nor its time is not read again. */
export interface HeaderCache {
  get(entry: LibraryEntry): ModelHeader | null
  set(entry: LibraryEntry, header: ModelHeader): void
  /** Keeps what is new; a folder that cannot be written costs only the next scan its speed. */
  save(): Promise<void>
}

/** Raised whenever the reader learns to see more in a header. */
const FORMAT = 'inhouse/library-headers/1'
/** Some hundred bytes each. */
const MAX_HEADERS = 5000

const count = z.number().int().nonnegative()
const name = z.string().max(1000)

const headerSchema = z.object({
  kind: z.enum(['model', 'adapter', 'projector', 'other']),
  architecture: name,
  name: name.nullable(),
  baseName: name.nullable(),
  sizeLabel: name.nullable(),
  repositories: z.array(name).max(100).readonly(),
  quantizationId: name.nullable(),
  quantizationName: name,
  parameters: count,
  contextTokens: count.nullable(),
  license: name.nullable(),
  hasChatTemplate: z.boolean(),
  sampling: z.object({
    temperature: z.number().exactOptional(),
    topP: z.number().exactOptional(),
    topK: z.number().exactOptional(),
    minP: z.number().exactOptional(),
    repeatPenalty: z.number().exactOptional(),
  }),
  shape: z.object({
    layers: count.nullable(),
    hidden: count.nullable(),
    heads: count.nullable(),
    kvHeads: count.nullable(),
    ffn: count.nullable(),
    experts: count.nullable(),
    vocabulary: count.nullable(),
  }),
}) satisfies z.ZodType<ModelHeader>

const cacheSchema = z.object({
  format: z.literal(FORMAT),
  headers: z.array(z.tuple([z.string(), headerSchema])).max(MAX_HEADERS),
})

/** Reads the cache of a user's folder; a damaged one is as good as none. */
export async function openHeaderCache(userFolder: string): Promise<HeaderCache> {
  const file = path.join(userFolder, 'library-headers.json')
  const stored = cacheSchema.safeParse(await readJsonFile(file).catch(() => null))
  const headers = new Map(stored.success ? stored.data.headers : [])
  let hasNew = false
  return {
    get: (entry) => headers.get(keyOf(entry)) ?? null,
    set(entry, header) {
      headers.set(keyOf(entry), header)
      hasNew = true
    },
    async save() {
      if (!hasNew) return
      // The newest stay: they were found last.
      const kept = [...headers].slice(-MAX_HEADERS)
      await writeJsonFile(file, { format: FORMAT, headers: kept }).catch((error: unknown) => {
        if (!(error instanceof InhouseError)) throw error
        console.warn(`${error.message} ${error.nextStep}`)
      })
    },
  }
}

function keyOf({ fileBytes, modifiedMs, path: file, shards }: LibraryEntry): string {
  return `${file}|${fileBytes}|${modifiedMs}|${shards}`
}
