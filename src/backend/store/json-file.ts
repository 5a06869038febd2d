import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { InhouseError } from '#contract/inhouse-error.ts'

/** The parsed file; null where it does not exist or is not JSON (a half-edited file is as good as none). */
export async function readJsonFile(file: string): Promise<unknown> {
  const text = await readTextFile(file)
  if (text === null) return null
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** The file's text; null where it does not exist. */
export async function readTextFile(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/**
 * Writes a file whole or not at all: to a file beside it, flushed to disk, then renamed over it. Another process that
 * reads meanwhile sees the old or the new file, never half of one.
 */
export async function writeJsonFile(file: string, value: unknown): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    await mkdir(path.dirname(file), { recursive: true })
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(value)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary).catch((leftOver: unknown) => {
      if (!isMissing(leftOver)) console.warn(leftOver)
    })
    throw new InhouseError({
      code: 'STORE_UNWRITABLE',
      message: `${file} cannot be written (${error instanceof Error ? error.message : String(error)}).`,
      nextStep:
        'Free some disk space or make the folder writable, or set INHOUSE_DATA_DIR to another folder.',
      cause: error,
    })
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
