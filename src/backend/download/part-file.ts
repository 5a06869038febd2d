import { open, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { InhouseError } from '#contract/inhouse-error.ts'
import { formatFileSize } from '#core/figure/format-figure.ts'

/** A file being filled from several places at once. */
export interface PartFile {
  write(data: Uint8Array, position: number): Promise<void>
  /** Until what was written is on the disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** What a download asks of a disk; tests have one that is full. */
export interface Disk {
  /** Opens it, made or cut to this length. */
  open(file: string, bytes: number): Promise<PartFile>
  /** Where this folder lies, for this user; null where the system does not tell. */
  freeBytes(folder: string): Promise<number | null>
}

/** The disk of this machine. */
export const localDisk: Disk = { open: openPartFile, freeBytes: readFreeBytes }

async function openPartFile(file: string, bytes: number): Promise<PartFile> {
  const exists = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
  const handle = await open(file, exists ? 'r+' : 'w+', 0o644).catch((error: unknown) => {
    throw diskFailure(file, error)
  })
  await handle.truncate(bytes).catch(async (error: unknown) => {
    await handle.close()
    throw diskFailure(file, error)
  })
  return {
    async write(data, position) {
      let written = 0
      while (written < data.length) {
        const { bytesWritten } = await handle.write(data, written, data.length - written, position + written)
        written += bytesWritten
      }
    },
    sync: () => handle.datasync(),
    close: () => handle.close(),
  }
}

async function readFreeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null
    throw error
  }
}

/** What the disk refused, in words; what is there already stays. */
export function diskFailure(file: string, error: unknown): InhouseError {
  if (error instanceof InhouseError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path.dirname(file), null, error)
  return new InhouseError({
    code: 'STORE_UNWRITABLE',
    message: `${file} cannot be written (${code}).`,
    nextStep: 'Make its folder writable, or set INHOUSE_DATA_DIR to another folder.',
    cause: error,
  })
}

/** No room for the rest of a download. */
export function diskFull(
  folder: string,
  room: { readonly neededBytes: number; readonly freeBytes: number } | null,
  cause?: unknown,
): InhouseError {
  const figures =
    room === null
      ? ''
      : `: ${formatFileSize(room.neededBytes)} are needed, ${formatFileSize(room.freeBytes)} are free`
  return new InhouseError({
    code: 'DISK_FULL',
    message: `The disk of ${folder} is full${figures}.`,
    nextStep: 'Free some space and go on: what was fetched is kept.',
    cause,
  })
}
