import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { measurementDatabase, MIGRATIONS } from '#backend/store/measurement-database.ts'
import { userVersion } from '#backend/store/sqlite-file.ts'

let folder = ''
let file = ''
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-database-'))
  file = path.join(folder, 'a.sqlite')
})
afterEach(() => rm(folder, { recursive: true }))

const first = 'create table thing (name text not null) strict'
const second = "alter table thing add column colour text not null default 'red'"

it('brings an older file forward and keeps what it holds', async () => {
  const old = measurementDatabase(file, [first])
  await old.write((connection) => connection.exec("insert into thing values ('a')"))
  old.close()
  const now = measurementDatabase(file, [first, second])
  const things = await now.write((connection) => {
    connection.exec("insert into thing values ('b', 'blue')")
    return connection.prepare('select * from thing order by name').all()
  })
  expect(things.map((thing) => ({ ...thing }))).toEqual([
    { name: 'a', colour: 'red' },
    { name: 'b', colour: 'blue' },
  ])
  expect(await now.read(userVersion, 0)).toBe(2)
  now.close()
})

it('keeps what the first version wrote, removed or not, in its order', async () => {
  const old = measurementDatabase(file, MIGRATIONS.slice(0, 1))
  await old.write((connection) =>
    connection.exec(
      `insert into record (id, kind, measured_at, machine, removed, json) values
       ('b', 'run', '2', 'm', 1, '{"b":1}'), ('a', 'machine', '1', 'n', 0, '{"a":1}')`,
    ),
  )
  old.close()
  const now = measurementDatabase(file)
  const rows = await now.write((connection) => {
    connection.exec(
      "insert into record (id, kind, measured_at, machine, json) values ('c', 'smoke', '', '', '')",
    )
    return connection.prepare('select * from record order by rowid').all()
  })
  expect(rows.map((row) => Object.values(row).join())).toEqual([
    'b,run,2,m,1,{"b":1}',
    'a,machine,1,n,0,{"a":1}',
    'c,smoke,,,0,',
  ])
  expect(
    await now.read((connection) => connection.prepare('pragma index_list(record)').all().length, 0),
  ).toBe(2)
  now.close()
})

it('leaves a file at its version when a migration or the work after it fails', async () => {
  const old = measurementDatabase(file, [first])
  await old.write((connection) => connection.exec("insert into thing values ('a')"))
  old.close()
  const failing = measurementDatabase(file, [first, second, 'no such statement'])
  await expect(failing.write(() => 1)).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
  failing.close()
  const working = measurementDatabase(file, [first, second])
  await expect(
    working.write((connection) => {
      connection.exec("insert into thing (name) values ('b')")
      throw new Error('out of ideas')
    }),
  ).rejects.toThrow('out of ideas')
  expect(await working.read(userVersion, 0)).toBe(1)
  working.close()
})

it('refuses rows that are not what their columns say', async () => {
  const database = measurementDatabase(file)
  const insert = (kind: string) =>
    database.write((connection) =>
      connection
        .prepare("insert into record (id, kind, measured_at, machine, json) values (?, ?, '', '', '{}')")
        .run(kind, kind),
    )
  await expect(insert('weather')).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
  for (const kind of ['run', 'machine', 'smoke']) await insert(kind)
  database.close()
  const raw = new DatabaseSync(file)
  expect({ ...raw.prepare('pragma journal_mode').get() }).toEqual({ journal_mode: 'wal' })
  expect(userVersion(raw)).toBe(MIGRATIONS.length)
  raw.close()
})
