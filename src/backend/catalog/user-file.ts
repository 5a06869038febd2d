import path from 'node:path'
import type * as z from 'zod'
import { describeIssue } from '#backend/catalog/describe-issue.ts'
import { lineOfPath, parseRecord, splitRecords, type RecordText } from '#backend/catalog/json-places.ts'
import { readTextFile } from '#backend/store/json-file.ts'
import type { CatalogueProblem } from '#core/catalogue/catalogue.ts'

/** A user's record that is right in itself. */
interface UserRecord<Entry> {
  readonly entry: Entry
  readonly line: number
}

/** What a user's own file holds: every record that is right, and a problem for every one that is not. */
export interface UserFile<Entry> {
  readonly file: string
  readonly records: readonly UserRecord<Entry>[]
  readonly problems: readonly CatalogueProblem[]
}

/** Reads a user's own records: one wrong record costs that record only. No file, or no folder, is no records. */
export async function readUserFile<Schema extends z.ZodType>(
  userFolder: string | null,
  name: string,
  schema: Schema,
): Promise<UserFile<z.infer<Schema>>> {
  if (userFolder === null) return { file: name, records: [], problems: [] }
  const file = path.join(userFolder, name)
  const text = await readTextFile(file).catch((error: unknown) => {
    return error instanceof Error ? error : new Error(String(error))
  })
  if (text === null) return { file, records: [], problems: [] }
  if (text instanceof Error) return onlyProblem(file, `It cannot be read (${text.message}).`)
  const parts = splitRecords(text.replace(/^\uFEFF/, ''))
  if (parts === null) {
    return onlyProblem(
      file,
      'It has no list of entries: it must be a JSON list, or an object with a list "records".',
    )
  }
  const records: UserRecord<z.infer<Schema>>[] = []
  const problems: CatalogueProblem[] = []
  for (const [index, part] of parts.entries()) {
    const checked = checkRecord(part, schema)
    if ('entry' in checked) records.push(checked)
    else
      problems.push({
        file,
        line: checked.line,
        message: `Entry ${index + 1} was left out: ${checked.reason}.`,
      })
  }
  return { file, records, problems }
}

function onlyProblem(file: string, message: string): UserFile<never> {
  return { file, records: [], problems: [{ file, line: null, message }] }
}

function checkRecord<Schema extends z.ZodType>(
  part: RecordText,
  schema: Schema,
): UserRecord<z.infer<Schema>> | { readonly line: number; readonly reason: string } {
  const parsed = parseRecord(part)
  if (parsed.kind === 'broken') return { line: parsed.line, reason: parsed.message }
  const checked = schema.safeParse(parsed.value)
  if (checked.success) return { entry: checked.data, line: part.line }
  const issue = describeIssue(checked.error)
  return { line: part.line + lineOfPath(part.text, issue.path) - 1, reason: issue.text }
}
