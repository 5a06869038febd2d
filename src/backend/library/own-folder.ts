import { randomUUID } from 'node:crypto'
import { link, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { freeDiskBytes } from '#backend/gguf/sparse-support.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Makes the folder ready for files of these names: none is there yet, and there is room. */
export async function prepareOwnFolder(
  folder: string,
  files: readonly string[],
  totalBytes: number,
): Promise<void> {
  await assertNew(files, folder)
  await mkdirOrThrow(folder)
  await removeLeftovers(folder)
  await assertRoom(folder, totalBytes)
}

/** Where a file grows until it is whole; it names its process, so that leftovers of killed ones are known. */
export function temporaryFile(folder: string): string {
  return path.join(folder, `.import-${process.pid}-${randomUUID()}.part`)
}

/** Parts of copies whose process was killed. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, processId] = /^\.import-(\d+)-[\w-]+\.part$/.exec(name) ?? []
    if (processId !== undefined && !isRunning(Number(processId)))
      await rm(path.join(folder, name), { force: true })
  }
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch (error) {
    // Somebody else's process of that number: not a leftover for certain.
    return codeOf(error) === 'EPERM'
  }
}

/** Renaming would replace a file of that name that came meanwhile; a hard link never does, where there are any. */
export async function moveToNew(temporary: string, to: string): Promise<void> {
  try {
    await link(temporary, to)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw alreadyThere(to)
    await assertNew([to], path.dirname(to))
    await rename(temporary, to)
  }
}

async function assertNew(files: readonly string[], folder: string): Promise<void> {
  for (const file of files) {
    const to = path.join(folder, path.basename(file))
    const found = await lstat(to).catch(() => null)
    if (found !== null) throw alreadyThere(to)
  }
}

function alreadyThere(file: string): InhouseError {
  return new InhouseError({
    code: 'BAD_USAGE',
    message: `${file} is there already; nothing was copied.`,
    nextStep: 'Rename the file you want to copy, or use it where it lies.',
  })
}

async function mkdirOrThrow(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw copyFailure(error, folder)
  }
}

async function assertRoom(folder: string, neededBytes: number): Promise<void> {
  const freeBytes = await freeDiskBytes(folder)
  if (freeBytes < neededBytes) throw diskFull(folder, `${neededBytes} bytes are needed and ${freeBytes} free`)
}

function diskFull(folder: string, detail: string): InhouseError {
  return new InhouseError({
    code: 'DISK_FULL',
    message: `There is not enough room in ${folder}: ${detail}.`,
    nextStep: 'Free some disk space, or use the file where it lies.',
  })
}

export function copyFailure(error: unknown, folder: string): unknown {
  const code = codeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, 'the disk filled up while copying')
  if (code === null || error instanceof InhouseError) return error
  return new InhouseError({
    code: 'STORE_UNWRITABLE',
    message: `The file cannot be copied to ${folder} (${code}).`,
    nextStep: 'Make the file readable and the folder writable, or use the file where it lies.',
    cause: error,
  })
}

function codeOf(error: unknown): string | null {
  if (error instanceof InhouseError || !(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' && error.name !== 'AbortError' ? error.code : null
}
