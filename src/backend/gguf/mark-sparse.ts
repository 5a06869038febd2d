import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Tells NTFS that a file may have holes; elsewhere a file simply has them. A refusal (FAT, a share) is no failure: the
 * file is then as large as it looks. Never run on Windows by its author: written from the documentation of `fsutil`.
 */
export async function markSparse(file: string): Promise<void> {
  if (process.platform !== 'win32') return
  const fsutil = path.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'fsutil.exe')
  try {
    await run(fsutil, ['sparse', 'setflag', file], { windowsHide: true, timeout: 10_000 })
  } catch (error) {
    console.warn(`${file} could not be marked sparse`, error)
  }
}
