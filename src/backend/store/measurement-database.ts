import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import {
  fileIdentity,
  inTransaction,
  isDamage,
  isResult,
  loadSqlite,
  moveAside,
  openForReading,
  openForWriting,
  userVersion,
} from '#backend/store/sqlite-file.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/**
 * Each brings a file from the version of its place in this list to the next. Table and columns stay what they are, so
 * that an older Inhouse can still read what a newer one wrote: it leaves out the kinds it does not know.
 */
export const MIGRATIONS: readonly string[] = [
  `create table record (
    id text primary key,
    kind text not null check (kind in ('run', 'machine')),
    measured_at text not null,
    machine text not null,
    removed integer not null default 0 check (removed in (0, 1)),
    json text not null
  ) strict;
  create index record_by_time on record (measured_at);`,
  // A check cannot be changed, only its table be made anew.
  `create table record_of_three_kinds (
    id text primary key,
    kind text not null check (kind in ('run', 'machine', 'smoke')),
    measured_at text not null,
    machine text not null,
    removed integer not null default 0 check (removed in (0, 1)),
    json text not null
  ) strict;
  insert into record_of_three_kinds select id, kind, measured_at, machine, removed, json from record order by rowid;
  drop table record;
  alter table record_of_three_kinds rename to record;
  create index record_by_time on record (measured_at);`,
]

/** A database file that appears at its first write, survives damage, and is shared with other processes. */
export interface MeasurementDatabase {
  /** Runs what only reads; answers `none` where nothing was written yet, or where this Node has no SQLite. */
  read<Result>(work: (database: DatabaseSync) => Result, none: Result): Promise<Result>
  /** Runs what writes, as one transaction. */
  write<Result>(work: (database: DatabaseSync) => Result): Promise<Result>
  close(): void
}

/** A connection, and which file it is of: one that was moved away must not be written to any more. */
interface Connection {
  readonly database: DatabaseSync
  readonly writable: boolean
  readonly identity: string | null
}

/** The database in `file`, which need not exist. */
export function measurementDatabase(
  file: string,
  migrations: readonly string[] = MIGRATIONS,
): MeasurementDatabase {
  let open: Connection | null = null
  const close = () => {
    open?.database.close()
    open = null
  }
  const connect = async (writable: boolean): Promise<DatabaseSync> => {
    if (open !== null && open.identity === fileIdentity(file) && (open.writable || !writable)) {
      return open.database
    }
    close()
    open = await openConnection(file, writable)
    return open.database
  }
  const putAside = (identity: string | null) => {
    close()
    // Another process may have met the damage too, and have started afresh meanwhile.
    if (identity !== null && identity === fileIdentity(file)) warnOfDamage(file, moveAside(file))
  }
  const write = async <Result>(work: (database: DatabaseSync) => Result): Promise<Result> => {
    const database = await connect(true)
    return inTransaction(database, () => {
      migrate(database, { file, migrations })
      return work(database)
    })
  }
  return {
    async read(work, none) {
      const identity = fileIdentity(file)
      if (identity === null || (await loadSqlite()) === null) return none
      try {
        const database = await connect(false)
        return userVersion(database) === 0 ? none : work(database)
      } catch (error) {
        if (!isDamage(error)) throw unreadable(file, error)
        return translated(file, () => {
          putAside(identity)
          return none
        })
      }
    },
    async write(work) {
      const identity = fileIdentity(file)
      try {
        return await write(work)
      } catch (error) {
        if (!isDamage(error)) throw unwritable(file, error)
      }
      try {
        putAside(identity)
        return await write(work)
      } catch (error) {
        throw unwritable(file, error)
      }
    },
    close,
  }
}

async function openConnection(file: string, writable: boolean): Promise<Connection> {
  const sqlite = await loadSqlite()
  if (sqlite === null) throw tooOldNode()
  if (writable) mkdirSync(path.dirname(file), { recursive: true })
  const database = writable ? await openForWriting(sqlite, file) : openForReading(sqlite, file)
  return { database, writable, identity: fileIdentity(file) }
}

/** Inside the transaction that goes on to write: two processes never bring the same file forward. */
function migrate(
  database: DatabaseSync,
  { file, migrations }: { readonly file: string; readonly migrations: readonly string[] },
): void {
  const version = userVersion(database)
  if (version > migrations.length) throw tooNewFile(file)
  if (version === migrations.length) return
  for (const migration of migrations.slice(version)) database.exec(migration)
  database.exec(`pragma user_version = ${migrations.length}`)
}

function translated<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw unreadable(file, error)
  }
}

function warnOfDamage(file: string, aside: string): void {
  console.warn(
    `${file} is damaged and cannot be read. It was moved to ${aside}; measurements start afresh. ` +
      'What had been exported before can be imported again.',
  )
}

function tooOldNode(): InhouseError {
  return new InhouseError({
    code: 'STORE_UNWRITABLE',
    message: `Keeping measurements needs Node 22.13 or newer; this is Node ${process.versions.node}.`,
    nextStep: 'Install a newer Node, or use the desktop app.',
  })
}

function tooNewFile(file: string): InhouseError {
  return new InhouseError({
    code: 'STORE_UNWRITABLE',
    message: `${file} was written by a newer version of Inhouse, and this one would not do it right.`,
    nextStep: 'Update Inhouse, or set INHOUSE_DATA_DIR to another folder.',
  })
}

function unwritable(file: string, error: unknown): InhouseError {
  if (error instanceof InhouseError) return error
  if (isResult(error, 'busy')) {
    return new InhouseError({
      code: 'STORE_UNWRITABLE',
      message: `Another program keeps ${file} locked.`,
      nextStep: 'Close what reads or copies this file, and try again.',
      cause: error,
    })
  }
  return new InhouseError({
    code: isResult(error, 'full') ? 'DISK_FULL' : 'STORE_UNWRITABLE',
    message: `${file} cannot be written (${reasonOf(error)}).`,
    nextStep: 'Free some disk space or make the folder writable, or set INHOUSE_DATA_DIR to another folder.',
    cause: error,
  })
}

function unreadable(file: string, error: unknown): InhouseError {
  return new InhouseError({
    code: 'STORE_UNWRITABLE',
    message: `${file} cannot be read (${reasonOf(error)}).`,
    nextStep: 'Make the file and its folder readable, or set INHOUSE_DATA_DIR to another folder.',
    cause: error,
  })
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
