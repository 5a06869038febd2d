import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { isSafeName } from '#backend/download/safe-name.ts'
import { readJsonFile, writeJsonFile } from '#backend/store/json-file.ts'
import { downloadWishSchema, type DownloadWish } from '#contract/library.ts'

const safeName = z.string().refine(isSafeName)

const keptDownloadSchema = z.object({
  wish: downloadWishSchema.extend({ repository: safeName, file: safeName }),
  totalBytes: z.number().int().nonnegative(),
  /** Files of it, in order. */
  parts: z.array(safeName).max(10_000),
  /** Those that have their final name, by this download. */
  finished: z.array(safeName).max(10_000),
})

/** A download that has not ended, as it outlives the app. */
export interface KeptDownload {
  readonly wish: DownloadWish
  readonly totalBytes: number
  readonly parts: readonly string[]
  readonly finished: readonly string[]
}

/** The same file is the same download, in every process. */
export function downloadId({ file, repository }: Pick<DownloadWish, 'file' | 'repository'>): string {
  return createHash('sha256').update(`${repository}\n${file}`).digest('hex').slice(0, 16)
}

/** Remembers unfinished downloads in the user's folder. */
export function keptDownloads(userFolder: string) {
  const folder = path.join(userFolder, 'downloads')
  const fileOf = (id: string) => path.join(folder, `${id}.json`)
  const readOne = async (id: string): Promise<KeptDownload | null> => {
    const { data } = keptDownloadSchema.safeParse(await readJsonFile(fileOf(id)))
    // A file with another's name was not written here.
    return data !== undefined && downloadId(data.wish) === id ? data : null
  }
  return {
    read: readOne,
    async list(): Promise<readonly KeptDownload[]> {
      const names = await readdir(folder).catch(() => [])
      const ids = names.flatMap((name) => /^([\da-f]{16})\.json$/.exec(name)?.[1] ?? [])
      return (await Promise.all(ids.map(readOne))).filter((one) => one !== null)
    },
    keep: (download: KeptDownload) => writeJsonFile(fileOf(downloadId(download.wish)), download),
    forget: (id: string) => rm(fileOf(id), { force: true }),
  }
}
