import { readFile } from 'node:fs/promises'
import { InhouseError } from '#contract/inhouse-error.ts'

/** What a file named on the command line should hold, for the message when it does not. */
export interface ExpectedFile {
  readonly file: string
  /** "a saved scan" */
  readonly what: string
  readonly nextStep: string
}

/** The error for a file that is not what it should be: names the file, the trouble and the next step. */
export function invalidFile(expected: ExpectedFile, trouble: string, cause?: unknown): InhouseError {
  return new InhouseError({
    code: 'MACHINE_FILE_INVALID',
    message: `${expected.file} is not ${expected.what}: ${trouble}.`,
    nextStep: expected.nextStep,
    cause,
  })
}

/** Reads a text file that a person named. */
export async function readTextInput(expected: ExpectedFile): Promise<string> {
  try {
    return await readFile(expected.file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT') throw invalidFile(expected, 'there is no such file', error)
    if (code === 'EISDIR') throw invalidFile(expected, 'it is a folder', error)
    throw invalidFile(
      expected,
      `it cannot be read (${error instanceof Error ? error.message : String(error)})`,
      error,
    )
  }
}

/** Reads a JSON file that a person named. */
export async function readJsonInput(expected: ExpectedFile): Promise<unknown> {
  const text = await readTextInput(expected)
  try {
    return JSON.parse(text.replace(/^\u{feff}/u, ''))
  } catch (error) {
    throw invalidFile(
      expected,
      `it is not JSON (${error instanceof Error ? error.message : String(error)})`,
      error,
    )
  }
}
