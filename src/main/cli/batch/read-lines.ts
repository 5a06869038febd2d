import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { usageError } from '../usage-error.ts'

/** Lines of a file, or of stdin for "-", as they arrive. */
export async function* readLines(file: string, stdin: NodeJS.ReadableStream): AsyncGenerator<string> {
  if (file === '-') {
    yield* createInterface({ input: stdin, crlfDelay: Infinity })
    return
  }
  const handle = await open(file).catch((error: unknown) => {
    throw usageError(
      `${file} cannot be read (${error instanceof Error ? error.message : String(error)}).`,
      'Name a file of JSON lines, or - to read them from stdin.',
    )
  })
  yield* handle.readLines()
}
