import path from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { measurementDatabase } from '#backend/store/measurement-database.ts'
import { parseRecord, recordLine, type MeasurementRecord } from '#backend/store/measurement-lines.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { ImportResult } from '#contract/measuring.ts'
import type { Measurements } from '#core/measure/measurement.ts'

/** What has been measured, kept in the user's folder and shared by every face and process of this user. */
export interface MeasurementStore {
  /** Newest first, without what was removed. */
  list(): Promise<Measurements>
  /** Keeps a record; one that is kept already stays as it is. */
  add(record: MeasurementRecord): Promise<void>
  /** Marks records as removed; {@link restore} brings them back. */
  remove(ids: readonly string[]): Promise<void>
  restore(ids: readonly string[]): Promise<void>
  /** One JSON object a line, all kinds, newest first. */
  exportLines(): Promise<string>
  /** Keeps what {@link exportLines} wrote, here or on a colleague's machine; what was removed comes back. */
  importLines(text: string): Promise<ImportResult>
  close(): void
}

/** The measurements of this user, in `measurements.sqlite`, which is made when something is first kept. */
export function openMeasurementStore(userFolder: string): MeasurementStore {
  const database = measurementDatabase(path.join(userFolder, 'measurements.sqlite'))
  const records = () => database.read(readRecords, [])
  return {
    async list() {
      return byKind(await records())
    },
    async add(record) {
      checkRecord(record)
      await database.write((connection) => keep(connection, record))
    },
    async remove(ids) {
      await database.write((connection) => mark(connection, ids, 1))
    },
    async restore(ids) {
      await database.write((connection) => mark(connection, ids, 0))
    },
    async exportLines() {
      return (await records()).map((record) => `${recordLine(record)}\n`).join('')
    },
    async importLines(text) {
      const { found, rejected } = parseLines(text)
      if (found.length === 0) return { added: 0, known: 0, rejected }
      const added = await database.write(
        (connection) => found.filter((record) => keep(connection, record)).length,
      )
      return { added, known: found.length - added, rejected }
    },
    close: () => database.close(),
  }
}

function byKind(records: readonly MeasurementRecord[]): Measurements {
  return {
    runs: records.filter((record) => record.schema === 'inhouse/measurement/1'),
    machines: records.filter((record) => record.schema === 'inhouse/machine-speed/1'),
    smokes: records.filter((record) => record.schema === 'inhouse/smoke-test/1'),
  }
}

/** What cannot be read back is a defect of what measured it: better said now than lost. */
function checkRecord(record: MeasurementRecord): void {
  const parsed = parseRecord(recordLine(record))
  if (parsed.kind === 'record') return
  throw new InhouseError({
    code: 'UNEXPECTED',
    message: `The measurement cannot be kept. ${parsed.reason}`,
    nextStep: 'Please report it with the output of: inhouse doctor',
  })
}

function readRecords(database: DatabaseSync): readonly MeasurementRecord[] {
  const rows = database
    .prepare('select rowid, json from record where removed = 0 order by measured_at desc, id')
    .all()
  return rows.flatMap(({ rowid, json }) => {
    const parsed = parseRecord(String(json))
    if (parsed.kind === 'record') return [parsed.record]
    console.warn(`Measurement ${String(rowid)} of those kept is left out. ${parsed.reason}`)
    return []
  })
}

/** Whether the record was new, or had been removed. */
function keep(database: DatabaseSync, record: MeasurementRecord): boolean {
  const { changes } = database
    .prepare(
      `insert into record (id, kind, measured_at, machine, json) values (?, ?, ?, ?, ?)
       on conflict (id) do update set removed = 0 where removed = 1`,
    )
    .run(record.id, KINDS[record.schema], record.measuredAt, record.machine, recordLine(record))
  return changes > 0
}

const KINDS: Readonly<Record<MeasurementRecord['schema'], string>> = {
  'inhouse/measurement/1': 'run',
  'inhouse/machine-speed/1': 'machine',
  'inhouse/smoke-test/1': 'smoke',
}

function mark(database: DatabaseSync, ids: readonly string[], removed: 0 | 1): void {
  const statement = database.prepare('update record set removed = ? where id = ?')
  for (const id of ids) statement.run(removed, id)
}

/** A file of something else has as many mistakes as lines: so many are named one by one. */
const MAX_REJECTED_LINES = 1000

function parseLines(text: string): {
  readonly found: readonly MeasurementRecord[]
  readonly rejected: ImportResult['rejected']
} {
  const found: MeasurementRecord[] = []
  const rejected: { line: number; reason: string }[] = []
  let unnamed = 0
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue
    const parsed = parseRecord(line)
    if (parsed.kind === 'record') found.push(parsed.record)
    else if (rejected.length < MAX_REJECTED_LINES) rejected.push({ line: index + 1, reason: parsed.reason })
    else unnamed += 1
  }
  const last = rejected.at(-1)
  if (unnamed > 0 && last !== undefined) last.reason += ` So are ${unnamed} lines after it.`
  return { found, rejected }
}
