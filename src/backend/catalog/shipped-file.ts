import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type * as z from 'zod'
import { describeIssue } from '#backend/catalog/describe-issue.ts'
import { lineOfPath, parseRecord } from '#backend/catalog/json-places.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Reads and validates one shipped catalogue file. These come with the app, so anything wrong with them is fatal. */
export async function readShippedFile<Schema extends z.ZodType>(
  dataFolder: string,
  name: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const file = path.join(dataFolder, name)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw corruptCatalogue(file, 'it cannot be read', error)
  })
  const parsed = parseRecord({ text, line: 1 })
  if (parsed.kind === 'broken') throw corruptCatalogue(file, `line ${parsed.line} ${parsed.message}`)
  const checked = schema.safeParse(parsed.value)
  if (checked.success) return checked.data
  const issue = describeIssue(checked.error)
  throw corruptCatalogue(file, `${issue.text} (line ${lineOfPath(text, issue.path)})`, checked.error)
}

/** The error for a shipped file that is not what it should be. */
export function corruptCatalogue(file: string, reason: string, cause?: unknown): InhouseError {
  return new InhouseError({
    code: 'CATALOGUE_CORRUPT',
    message: `The catalogue file ${file} is damaged: ${reason}.`,
    nextStep: 'Install Inhouse again; in a checkout, restore the file with git.',
    cause,
  })
}
