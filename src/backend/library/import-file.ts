import { open, rm } from 'node:fs/promises'
import path from 'node:path'
import { copyFailure, moveToNew, prepareOwnFolder, temporaryFile } from '#backend/library/own-folder.ts'

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
  await prepareOwnFolder(folder, files, totalBytes)
  const copies = files.map((file) => ({
    from: file,
    temporary: temporaryFile(folder),
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
