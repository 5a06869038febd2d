import { writeFile } from 'node:fs/promises'
import { InhouseError } from '#contract/inhouse-error.ts'
import { usageError } from './usage-error.ts'

/** Writes a file that a person named; one that is there is overwritten only where they say so. */
export async function writeNewFile(file: string, text: string, mayOverwrite: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: mayOverwrite ? 'w' : 'wx' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw usageError(`${file} exists already.`, 'Choose another name, or overwrite it with --force.')
    }
    throw new InhouseError({
      code: 'STORE_UNWRITABLE',
      message: `${file} cannot be written (${error instanceof Error ? error.message : String(error)}).`,
      nextStep: 'Choose a file in a folder that exists and that you may write to.',
      cause: error,
    })
  }
}
