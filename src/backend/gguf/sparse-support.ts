import { randomUUID } from 'node:crypto'
import { open, rm, statfs } from 'node:fs/promises'
import path from 'node:path'
import { markSparse } from '#backend/gguf/mark-sparse.ts'

const PROBE_BYTES = 16 * 1024 * 1024

/**
 * True where a file with a hole takes no room for the hole: ext4, XFS, Btrfs, APFS, NTFS with the sparse flag; not FAT
 * and exFAT, and not every network share. Found by writing a small file with a hole and looking at its blocks. Throws
 * what the file system says where the folder cannot be written.
 */
export async function supportsSparseFiles(folder: string): Promise<boolean> {
  // Named as dry runs are, after the process: what a killed one leaves is found and removed with them.
  const file = path.join(folder, `${process.pid}-hole-${randomUUID()}.gguf`)
  const handle = await open(file, 'wx', 0o600)
  try {
    await markSparse(file)
    await handle.write(Buffer.from('start'), 0, 5, 0)
    await handle.truncate(PROBE_BYTES)
    await handle.sync()
    const { blocks } = await handle.stat()
    // Where blocks are not reported there is only the platform to go by: Windows marks sparse files or refuses.
    if (!Number.isFinite(blocks)) return process.platform !== 'win32'
    return blocks * 512 < PROBE_BYTES / 2
  } finally {
    await handle.close()
    await rm(file, { force: true })
  }
}

/** Bytes a program of this user can still write in a folder. */
export async function freeDiskBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
