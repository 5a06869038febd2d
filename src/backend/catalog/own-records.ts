import type { UserFile } from '#backend/catalog/user-file.ts'
import type { CatalogueProblem } from '#core/catalogue/catalogue.ts'

/** A record of the catalogue without the mark of who wrote it. */
interface Entry {
  readonly id: string
  readonly note: string | null
}

/** Shipped records and the user's own, each marked with its origin. */
export interface MarkedRecords<Stored extends Entry> {
  readonly records: readonly (Stored & { readonly origin: 'shipped' | 'user' })[]
  readonly problems: readonly CatalogueProblem[]
}

/** Lays the user's records over the shipped ones: a shipped id is replaced in its place, a new one comes at the end. */
export function withOwnRecords<Stored extends Entry>(
  shipped: readonly Stored[],
  own: UserFile<Stored>,
): MarkedRecords<Stored> {
  const records = new Map(
    shipped.map((entry) => [entry.id, { ...entry, origin: 'shipped' as 'shipped' | 'user' }]),
  )
  const problems = [...own.problems]
  for (const { entry, line } of own.records) {
    const known = records.get(entry.id)
    if (known?.origin === 'user') {
      problems.push({
        file: own.file,
        line,
        message: `"${entry.id}" was left out: it is in this file twice.`,
      })
      continue
    }
    const note = known === undefined ? entry.note : replacingNote(entry.note)
    records.set(entry.id, { ...entry, note, origin: 'user' })
  }
  return { records: [...records.values()], problems }
}

function replacingNote(note: string | null): string {
  return [note, 'Replaces the shipped record of this name.'].filter((part) => part !== null).join(' ')
}
