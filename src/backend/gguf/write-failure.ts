import path from 'node:path'
import { InhouseError } from '#contract/inhouse-error.ts'

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT'])
const UNWRITABLE: Readonly<Record<string, string>> = {
  EACCES: 'writing there is not allowed',
  EPERM: 'writing there is not allowed',
  EROFS: 'the file system is read-only',
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'the folder is a file',
  EISDIR: 'a folder has that name',
  EFBIG: 'the file system does not take files that large',
  EIO: 'the disk reports an error',
}

/** A disk without room for `neededBytes` more. */
export function diskFull(
  file: string,
  neededBytes: number,
  freeBytes: number | null,
  cause?: unknown,
): InhouseError {
  const room = freeBytes === null ? '' : `, of which ${mebibytes(freeBytes)} are free`
  return new InhouseError({
    code: 'DISK_FULL',
    message: `The disk of ${path.dirname(file)} is full: ${mebibytes(neededBytes)} are needed${room}.`,
    nextStep: 'Free some disk space or choose a folder on another disk.',
    ...(cause === undefined ? {} : { cause }),
  })
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`
}

/** Translates what the file system said while a model file was written; everything else is passed on as it is. */
export function writeFailure(error: unknown, file: string, neededBytes: number): unknown {
  const code = codeOf(error)
  if (code === null) return error
  if (NO_ROOM.has(code)) return diskFull(file, neededBytes, null, error)
  const reason = UNWRITABLE[code]
  if (reason === undefined) return error
  return new InhouseError({
    code: 'STORE_UNWRITABLE',
    message: `${file} cannot be written: ${reason}.`,
    nextStep: 'Make the folder writable, or choose another folder.',
    cause: error,
  })
}
