import { rm, rmdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { lockFile } from '#backend/download/file-lock.ts'
import type { KeptDownload } from '#backend/download/kept-downloads.ts'
import { discardPart, keptBytes, partLockPath } from '#backend/download/part-state.ts'

/** How much of a download lies on the disk. */
export async function fetchedBytes({ finished, parts }: KeptDownload, folder: string): Promise<number> {
  const each = parts.map(async (part) => {
    const file = path.join(folder, part)
    if (!finished.includes(part)) return keptBytes(file)
    return stat(file).then(
      ({ size }) => size,
      () => 0,
    )
  })
  return (await Promise.all(each)).reduce((sum, bytes) => sum + bytes, 0)
}

/** Removes what a download brought; a file that was there before it stays. */
export async function removeFetched({ finished, parts }: KeptDownload, folder: string): Promise<void> {
  for (const part of parts) {
    const file = path.join(folder, part)
    if (
      !(await stat(path.dirname(file)).then(
        () => true,
        () => false,
      ))
    )
      continue
    const lock = await lockFile(partLockPath(file))
    await discardPart(file)
    if (finished.includes(part)) await rm(file, { force: true })
    await lock.release()
  }
  for (const empty of [folder, path.dirname(folder)]) {
    // Not empty, or gone already.
    await rmdir(empty).catch(() => undefined)
  }
}
