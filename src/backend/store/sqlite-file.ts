import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'

/** Result codes of SQLite (sqlite3.h); extended ones keep them in their low byte. */
const RESULT = { busy: 5, corrupt: 11, full: 13, cannotOpen: 14, readOnly: 8, notADatabase: 26 } as const

/** Another process writes for milliseconds; a machine under load may stretch them. */
const BUSY_MILLISECONDS = 5000

type Sqlite = typeof import('node:sqlite')

let loading: Promise<Sqlite | null> | undefined

/** SQLite as this Node carries it; null on Node before 22.13, where Inhouse runs too. */
export function loadSqlite(): Promise<Sqlite | null> {
  loading ??= importSqlite()
  return loading
}

async function importSqlite(): Promise<Sqlite | null> {
  const restore = muteExperimentalWarnings()
  try {
    return await import('node:sqlite')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_BUILTIN_MODULE') return null
    throw error
  } finally {
    restore()
  }
}

/** Node 22 calls its SQLite experimental on stderr at every start: nothing that somebody who asked for a plan can act on. */
function muteExperimentalWarnings(): () => void {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = (...parts: unknown[]) => {
    if (!parts.includes('ExperimentalWarning')) Reflect.apply(emitWarning, null, parts)
  }
  return () => {
    process.emitWarning = emitWarning
  }
}

/** Opens a file to write to, making it (for this user only) where it is not there; readers go on while it is written. */
export async function openForWriting({ DatabaseSync }: Sqlite, file: string): Promise<DatabaseSync> {
  closeSync(openSync(file, 'a', 0o600))
  const database = new DatabaseSync(file)
  try {
    database.exec(`pragma busy_timeout = ${BUSY_MILLISECONDS}`)
    await useWriteAheadLog(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Opens a file to read from. Where nothing can be written beside it, as on a read-only disk, it is read as it stands. */
export function openForReading({ DatabaseSync }: Sqlite, file: string): DatabaseSync {
  try {
    return readable(new DatabaseSync(file))
  } catch (error) {
    if (!isResult(error, 'cannotOpen') && !isResult(error, 'readOnly')) throw error
    const address = pathToFileURL(file)
    address.searchParams.set('immutable', '1')
    return readable(new DatabaseSync(address, { readOnly: true }))
  }
}

function readable(database: DatabaseSync): DatabaseSync {
  try {
    database.exec(`pragma busy_timeout = ${BUSY_MILLISECONDS}`)
    userVersion(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** SQLite does not wait for a process that is just doing the same to a new file, so we do. */
async function useWriteAheadLog(database: DatabaseSync): Promise<void> {
  const deadline = Date.now() + BUSY_MILLISECONDS
  for (;;) {
    try {
      database.exec('pragma journal_mode = wal')
      return
    } catch (error) {
      if (!isResult(error, 'busy') || Date.now() > deadline) throw error
      await sleep(20)
    }
  }
}

/** The version that the file says it has; 0 of one that nothing was written to. */
export function userVersion(database: DatabaseSync): number {
  return Number(database.prepare('pragma user_version').get()?.['user_version'])
}

/** All of the work or nothing of it; one writer at a time, from the start. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('begin immediate')
  try {
    const result = work()
    database.exec('commit')
    return result
  } catch (error) {
    // After some errors, a full disk among them, SQLite has rolled back by itself.
    if (database.isTransaction) database.exec('rollback')
    throw error
  }
}

/** Whether an error is one of SQLite's, of this kind. */
export function isResult(error: unknown, kind: keyof typeof RESULT): boolean {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false
  return (error.errcode & 0xff) === RESULT[kind]
}

/** Whether an error says that the file is no database, or no whole one. */
export function isDamage(error: unknown): boolean {
  return isResult(error, 'corrupt') || isResult(error, 'notADatabase')
}

/** Tells a file from one that took its place; null where there is none. */
export function fileIdentity(file: string): string | null {
  const status = statSync(file, { bigint: true, throwIfNoEntry: false })
  return status === undefined ? null : `${status.dev}:${status.ino}`
}

/** Moves a damaged database out of the way, with the files that SQLite keeps beside it. Answers its new place. */
export function moveAside(file: string): string {
  let number = 1
  while (existsSync(`${file}.broken-${number}`)) number += 1
  const aside = `${file}.broken-${number}`
  renameSync(file, aside)
  for (const part of ['-wal', '-shm']) {
    if (existsSync(`${file}${part}`)) renameSync(`${file}${part}`, `${aside}${part}`)
  }
  return aside
}
