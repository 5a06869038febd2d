import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { randomUUID } from 'node:crypto'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Files of dry runs: named after the process that wrote them, so that those nobody needs any more are told apart. */
const FILE_NAME = /^(\d+)-[\w-]+\.gguf$/

/** Where dry runs write. */
export function dryRunFolder(userFolder: string): string {
  return path.join(userFolder, 'dry-run')
}

/** A new file's path; its folder is made. Throws `STORE_UNWRITABLE`. */
export async function newDryRunFile(userFolder: string): Promise<string> {
  const folder = dryRunFolder(userFolder)
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw new InhouseError({
      code: 'STORE_UNWRITABLE',
      message: `The folder for dry runs cannot be made: ${folder}.`,
      nextStep: 'Make it writable, or name another folder in INHOUSE_DATA_DIR.',
      cause,
    })
  }
  return path.join(folder, `${process.pid}-${randomUUID()}.gguf`)
}

/** Removes what runs that were killed or cut off from power left behind; answers how many files. */
export async function removeLeftovers(userFolder: string): Promise<number> {
  const folder = dryRunFolder(userFolder)
  const names = await readdir(folder).catch(() => [])
  const left = names.filter((name) => {
    const pid = FILE_NAME.exec(name)?.[1]
    return pid !== undefined && !isRunning(Number(pid))
  })
  const removed = await Promise.allSettled(left.map((name) => rm(path.join(folder, name), { force: true })))
  return removed.filter(({ status }) => status === 'fulfilled').length
}

/** Our own process never counts as left over; another's number may have been given away again: then the file stays a while. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
