import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { readJsonFile } from '#backend/store/json-file.ts'

const partStateSchema = z.object({
  fileBytes: z.number().int().nonnegative(),
  sha256: z.string().nullable(),
  /** What the server names this version of the file by. */
  tag: z.string().max(1000).nullable(),
  chunkBytes: z.number().int().positive(),
  /** Of each chunk, from its start. */
  doneBytes: z.array(z.number().int().nonnegative()).max(10_000_000),
})

/** How much of a file is there: kept beside it, so that a restart goes on. */
export type PartState = z.infer<typeof partStateSchema>

/** The file that is to be fetched. */
export interface PartTarget {
  readonly fileBytes: number
  readonly sha256: string | null
  readonly chunkBytes: number
}

export const partPath = (file: string) => `${file}.part`
export const partStatePath = (file: string) => `${file}.part.json`
export const partLockPath = (file: string) => `${file}.part.lock`

/** Where an earlier try stopped; from zero where there was none, or where it was another file. */
export async function readPartState(file: string, target: PartTarget): Promise<PartState> {
  const fresh: PartState = {
    ...target,
    tag: null,
    doneBytes: Array.from<number>({ length: Math.ceil(target.fileBytes / target.chunkBytes) }).fill(0),
  }
  const { data: kept } = partStateSchema.safeParse(await readJsonFile(partStatePath(file)))
  const part = await stat(partPath(file)).catch(() => null)
  return kept !== undefined && part?.size === target.fileBytes && fits(kept, fresh) ? kept : fresh
}

function fits(kept: PartState, fresh: PartState): boolean {
  return (
    kept.fileBytes === fresh.fileBytes &&
    kept.sha256 === fresh.sha256 &&
    kept.chunkBytes === fresh.chunkBytes &&
    kept.doneBytes.length === fresh.doneBytes.length &&
    kept.doneBytes.every((bytes, index) => bytes <= chunkLength(fresh, index)) &&
    // With neither a checksum nor a tag nobody could notice that the server has another file now.
    (kept.sha256 !== null || kept.tag !== null)
  )
}

/** Bytes of a chunk; the last one is shorter. */
export function chunkLength({ chunkBytes, fileBytes }: PartState, index: number): number {
  return Math.min(chunkBytes, fileBytes - index * chunkBytes)
}

export function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

/** How much of a file lies beside it, as far as is known without the hub. */
export async function keptBytes(file: string): Promise<number> {
  const { data } = partStateSchema.safeParse(await readJsonFile(partStatePath(file)))
  return data === undefined ? 0 : sumOf(data.doneBytes)
}

/** Removes what was fetched of a file. */
export async function discardPart(file: string): Promise<void> {
  await discardPartState(file)
  await rm(partPath(file), { force: true })
}

/** Removes the state, and half-written ones that a killed process left: only its lock's owner may do that. */
export async function discardPartState(file: string): Promise<void> {
  const folder = path.dirname(file)
  const state = path.basename(partStatePath(file))
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith(state)) await rm(path.join(folder, name), { force: true })
  }
}
