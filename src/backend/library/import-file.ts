import { randomUUID } from 'node:crypto'
import { link, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { freeDiskBytes } from '#backend/gguf/sparse-support.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Files to copy, all or none: the shards of one model. */
export interface FilesToCopy {
  readonly files: readonly string[]
  readonly totalBytes: number
  readonly folder: string
  readonly signal: AbortSignal | undefined
}

const PIECE_BYTES = 8 * 1024 * 1024

/**
 * Copies files into a folder under temporary names, and gives them their own when all are whole. A failed or cancelled copy
 * leaves nothing, a file that is there is never touched. Returns where the first one lies.
 */
export async function* copyFiles(wish: FilesToCopy): AsyncGenerator<{ readonly fraction: number }, string> {
  const { files, folder, totalBytes } = wish
  await assertNew(files, folder)
  await mkdirOrThrow(folder)
  await removeLeftovers(folder)
  await assertRoom(folder, totalBytes)
  const copies = files.map((file) => ({
    from: file,
    temporary: path.join(folder, `.import-${process.pid}-${randomUUID()}.part`),
    to: path.join(folder, path.basename(file)),
  }))
  const placed: string[] = []
  let isDone = false
  try {
    let doneBytes = 0
    for (const { from, temporary } of copies) {
      for await (const bytes of copyOne(from, temporary, wish.signal)) {
        doneBytes += bytes
        yield { fraction: totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes) }
      }
    }
    for (const { temporary, to } of copies) {
      await moveToNew(temporary, to)
      placed.push(to)
    }
    isDone = true
    return copies[0]?.to ?? folder
  } catch (error) {
    throw copyFailure(error, folder)
  } finally {
    const left = [...copies.map(({ temporary }) => temporary), ...(isDone ? [] : placed)]
    await Promise.all(left.map((file) => rm(file, { force: true })))
  }
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

async function* copyOne(
  from: string,
  to: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<number, void> {
  const source = await open(from, 'r')
  try {
    const target = await open(to, 'wx', 0o600)
    try {
      const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES)
      for (;;) {
        signal?.throwIfAborted()
        const { bytesRead } = await source.read(buffer, 0, PIECE_BYTES, null)
        if (bytesRead === 0) break
        await writeWhole(target, buffer.subarray(0, bytesRead))
        yield bytesRead
      }
      await target.sync()
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

async function writeWhole(target: Awaited<ReturnType<typeof open>>, piece: Buffer): Promise<void> {
  let written = 0
  while (written < piece.length) written += (await target.write(piece, written)).bytesWritten
}

/** Renaming would replace a file of that name that came meanwhile; a hard link never does, where there are any. */
async function moveToNew(temporary: string, to: string): Promise<void> {
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

function copyFailure(error: unknown, folder: string): unknown {
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
