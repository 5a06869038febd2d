import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openMeasurementStore, type MeasurementStore } from '#backend/store/measurement-store.ts'
import { sampleMachineSpeed, sampleMeasurement, sampleSmoke } from '../../../test/measurement-samples.ts'

const run = sampleMeasurement('run-00000001')
const later = sampleMeasurement('run-00000002', { measuredAt: '2026-11-24T11:00:00.000Z', memory: null })
const machine = sampleMachineSpeed('machine-0001')
const smoke = sampleSmoke('smoke-000001')

let folder = ''
let file = ''
let store: MeasurementStore
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-measurements-'))
  file = path.join(folder, 'measurements.sqlite')
  store = openMeasurementStore(folder)
})
afterEach(async () => {
  store.close()
  await rm(folder, { recursive: true })
  vi.restoreAllMocks()
})

it('answers nothing and makes nothing before the first write', async () => {
  expect(await store.list()).toEqual({ runs: [], machines: [], smokes: [] })
  expect(await store.exportLines()).toBe('')
  expect(await readdir(folder)).toEqual([])
})

it('keeps every kind whole, newest first, for this user only, and leaves one file', async () => {
  for (const record of [run, machine, smoke, later, run]) await store.add(record)
  expect(await store.list()).toEqual({ runs: [later, run], machines: [machine], smokes: [smoke] })
  store.close()
  expect(await store.list()).toEqual({ runs: [later, run], machines: [machine], smokes: [smoke] })
  store.close()
  expect(await readdir(folder)).toEqual(['measurements.sqlite'])
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
})

it('makes the folder', async () => {
  const deep = openMeasurementStore(path.join(folder, 'made', 'here'))
  await deep.add(run)
  deep.close()
  expect((await deep.list()).runs).toEqual([run])
  deep.close()
})

it('removes and restores without losing anything', async () => {
  for (const record of [run, later, machine, smoke]) await store.add(record)
  await store.remove([run.id, machine.id, smoke.id, 'never-there'])
  expect(await store.list()).toEqual({ runs: [later], machines: [], smokes: [] })
  expect(await store.exportLines()).toMatch(/^.*run-00000002.*\n$/)
  await store.restore([run.id, smoke.id])
  expect(await store.list()).toEqual({ runs: [later, run], machines: [], smokes: [smoke] })
})

it('refuses to keep what it could not read back', async () => {
  const broken = sampleMeasurement('run-00000003', { tookSeconds: Number.NaN })
  await expect(store.add(broken)).rejects.toMatchObject({ message: expect.stringContaining('tookSeconds') })
  expect(existsSync(file)).toBe(false)
})

describe('import', () => {
  it('takes what export wrote, once', async () => {
    for (const record of [run, later, machine, smoke]) await store.add(record)
    const lines = await store.exportLines()
    const colleague = openMeasurementStore(path.join(folder, 'colleague'))
    expect(await colleague.importLines(lines)).toEqual({ added: 4, known: 0, rejected: [] })
    expect(await colleague.importLines(lines)).toEqual({ added: 0, known: 4, rejected: [] })
    expect(await colleague.list()).toEqual(await store.list())
    expect(await colleague.exportLines()).toBe(lines)
    colleague.close()
  })

  it('brings back what was removed', async () => {
    await store.add(run)
    await store.remove([run.id])
    expect(await store.importLines(JSON.stringify(run))).toEqual({ added: 1, known: 0, rejected: [] })
    expect((await store.list()).runs).toEqual([run])
  })

  it('names the line and the reason of each that it rejects, and keeps the others', async () => {
    const changed = (changes: object) => JSON.stringify({ ...run, ...changes })
    const decode = (changes: object) => changed({ decode: [{ ...run.decode[0], ...changes }] })
    const text = [
      '\uFEFF{"half":',
      '',
      '[1, 2]',
      changed({ schema: 'inhouse/measurement/9' }),
      changed({ id: '../../etc' }),
      changed({ machineName: 'green \u001b[32m' }),
      changed({ measuredAt: 'yesterday' }),
      changed({ plan: { ...run.plan, modelId: 'x'.repeat(301) } }),
      decode({ tokensPerSecond: 0 }),
      decode({ tokensPerSecond: '41' }),
      decode({ lowTokensPerSecond: 42 }),
      decode({ streams: 1.5 }),
      decode({}).replace('41.5', '1e999'),
      `  ${JSON.stringify(run)}\r`,
      JSON.stringify({ ...later, unknown: 'of a newer version' }),
    ].join('\n')
    const { added, known, rejected } = await store.importLines(text)
    expect([added, known]).toEqual([2, 0])
    expect(rejected.map(({ line, reason }) => `${line} ${reason}`)).toMatchInlineSnapshot(`
      [
        "1 It is not JSON.",
        "3 It is not a measurement of Inhouse: its "schema" says no kind of it.",
        "4 It is not a measurement of Inhouse: its "schema" says no kind of it.",
        "5 id: must be an identifier like the ones Inhouse gives.",
        "6 machineName: must be printable text, not empty.",
        "7 measuredAt: Invalid ISO datetime.",
        "8 plan.modelId: Too big: expected string to have <=300 characters.",
        "9 decode.0.tokensPerSecond: Too small: expected number to be >0.",
        "10 decode.0.tokensPerSecond: expected number, received string.",
        "11 decode.0: the spread does not hold the speed itself.",
        "12 decode.0.streams: expected int, received number.",
        "13 decode.0.tokensPerSecond: expected number, received Infinity.",
      ]
    `)
    expect((await store.list()).runs).toEqual([later, run])
  })

  it('names no more lines than anybody reads', async () => {
    const { rejected } = await store.importLines('a,b\n'.repeat(5000))
    expect(rejected).toHaveLength(1000)
    expect(rejected.at(-1)).toEqual({ line: 1000, reason: 'It is not JSON. So are 4000 lines after it.' })
    expect(await readdir(folder)).toEqual([])
  })

  it('answers every line in one way, whatever it holds', async () => {
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 0, 1e300, '', 'a\u202eb', null))
    const line = fc.oneof(
      fc.string().map((text) => text.replaceAll(/[\r\n]/g, ' ')),
      fc.json(),
      fc
        .tuple(fc.constantFrom(run, machine, smoke), fc.array(fc.nat(30)), values)
        .map(([record, places, value]) => JSON.stringify(changedAt(record, places, value))),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
        const asked = lines.filter((one) => one.replace(/^\uFEFF/, '').trim() !== '').length
        const { added, known, rejected } = await store.importLines(lines.join('\n'))
        expect(added + known + rejected.length).toBe(asked)
        for (const { reason } of rejected) expect(reason).toMatch(/^[\u0020-\u007e]+\.$/)
      }),
      { numRuns: 150 },
    )
    const warn = vi.spyOn(console, 'warn')
    const kept = await store.list()
    expect(warn).not.toHaveBeenCalled()
    for (const { decode } of kept.runs) {
      for (const { tokensPerSecond } of decode)
        expect(tokensPerSecond > 0 && tokensPerSecond < Infinity).toBe(true)
    }
  })
})

describe('a file that is not as it should be', () => {
  it('is moved aside when it is no database, and nothing of it is lost', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    await writeFile(file, 'not a database '.repeat(500))
    await writeFile(`${file}.broken-1`, 'an earlier one')
    expect(await store.list()).toEqual({ runs: [], machines: [], smokes: [] })
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('measurements.sqlite.broken-2'))
    expect((await readdir(folder)).toSorted()).toEqual([
      'measurements.sqlite.broken-1',
      'measurements.sqlite.broken-2',
    ])
    expect(await readFile(`${file}.broken-2`, 'utf8')).toBe('not a database '.repeat(500))
    await store.add(run)
    expect((await store.list()).runs).toEqual([run])
  })

  it('is moved aside by a write too, even in the middle', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    for (let index = 0; index < 40; index++) await store.add(sampleMeasurement(`run-0000100${index}`))
    store.close()
    const bytes = await readFile(file)
    bytes.fill(0xa5, 4096)
    await writeFile(file, bytes)
    await store.add(run)
    expect(warn).toHaveBeenCalledOnce()
    expect((await store.list()).runs).toEqual([run])
    expect(await readdir(folder)).toContain('measurements.sqlite.broken-1')
  })

  it('is read without the rows that are broken', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    for (const record of [run, later]) await store.add(record)
    const raw = new DatabaseSync(file)
    raw.exec(`update record set json = '{"schema":' where id = '${run.id}'`)
    raw.close()
    expect((await store.list()).runs).toEqual([later])
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^Measurement 1 .* not JSON/))
  })

  it('is read but not written when a newer Inhouse wrote it', async () => {
    await store.add(run)
    const raw = new DatabaseSync(file)
    raw.exec('pragma user_version = 99')
    raw.close()
    await expect(store.add(later)).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringContaining('newer version of Inhouse'),
    })
    expect((await store.list()).runs).toEqual([run])
  })

  it('is taken for new when it is empty', async () => {
    await writeFile(file, '')
    expect(await store.list()).toEqual({ runs: [], machines: [], smokes: [] })
    await store.add(run)
    expect((await store.list()).runs).toEqual([run])
  })

  it('is not written to any more once it was moved away', async () => {
    await store.add(run)
    await rm(file)
    expect(await store.list()).toEqual({ runs: [], machines: [], smokes: [] })
    await store.add(later)
    expect((await store.list()).runs).toEqual([later])
  })

  it('says what to do where it cannot be made', async () => {
    await writeFile(path.join(folder, 'file'), '')
    const nowhere = openMeasurementStore(path.join(folder, 'file', 'folder'))
    expect(await nowhere.list()).toEqual({ runs: [], machines: [], smokes: [] })
    await expect(nowhere.add(run)).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      nextStep: expect.stringContaining('INHOUSE_DATA_DIR'),
    })
  })
})

/** A copy of a record with the value at some place replaced; the places are taken modulo what is there. */
function changedAt(record: unknown, places: readonly number[], value: unknown): unknown {
  const [place, ...deeper] = places
  if (place === undefined || typeof record !== 'object' || record === null) return value
  const entries = Object.entries(record)
  if (entries.length === 0) return value
  const [key, inner] = entries[place % entries.length] ?? ['', null]
  if (Array.isArray(record)) return record.with(Number(key), changedAt(inner, deeper, value))
  return { ...record, [key]: changedAt(inner, deeper, value) }
}
