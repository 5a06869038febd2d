import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sampleMachineSpeed, sampleMeasurement } from '../../../test/measurement-samples.ts'
import { runInProcess } from './fixtures/run-in-process.ts'
import { importOutputSchema, measurementsOutputSchema } from './schema/measurements-schema.ts'
import { planOutputSchema } from './schema/plan-schema.ts'
import { scanOutputSchema } from './schema/machine-schema.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import type { Machine } from '#core/machine/machine.ts'

const MODEL = 'HuggingFaceTB/SmolLM2-135M-Instruct'

let folder = ''
let file = ''
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-cli-measurements-'))
  file = path.join(folder, 'exchanged.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

const inhouse = (...args: readonly string[]) => runInProcess(args, { userFolder: folder })

async function machineHere(): Promise<Machine> {
  const { stdout } = await inhouse('scan', '--json')
  return scanOutputSchema.parse(JSON.parse(stdout)).machine
}

async function list() {
  const { stdout, stderr, exitCode } = await inhouse('measurements', '--json')
  expect([stderr, exitCode]).toEqual(['', 0])
  const output: unknown = JSON.parse(stdout)
  expect(measurementsOutputSchema.parse(output)).toEqual(output)
  return measurementsOutputSchema.parse(output)
}

/** A dry run of this machine, as if it had been measured. */
async function runHere(tokensPerSecond: number) {
  const machine = machineFingerprint(await machineHere())
  const sample = sampleMeasurement('run-here-0001')
  const speed = { tokensPerSecond, lowTokensPerSecond: tokensPerSecond, highTokensPerSecond: tokensPerSecond }
  return {
    ...sample,
    machine,
    plan: { ...sample.plan, modelId: MODEL },
    decode: [0, 4096].map((depthTokens) => ({ ...speed, depthTokens, streams: 1, repetitions: 9 })),
  }
}

it('imports, lists, exports, removes and restores', async () => {
  const run = sampleMeasurement('3f2a91c0-elsewhere')
  const lines = [run, sampleMachineSpeed('77aa00bb-elsewhere')].map((record) => JSON.stringify(record))
  await writeFile(file, `${lines.join('\n')}\n{"half":\n`)
  const imported = await inhouse('measurements', 'import', file)
  expect(imported).toEqual({
    exitCode: 0,
    stdout: 'Added 2 measurements; 0 already kept; 1 line left out\n',
    stderr: `inhouse: ${file}:3: It is not JSON.\n`,
  })
  const again = await inhouse('measurements', 'import', file, '--json')
  expect(importOutputSchema.parse(JSON.parse(again.stdout))).toEqual({
    added: 0,
    known: 2,
    rejected: [{ line: 3, reason: 'It is not JSON.' }],
  })
  expect((await list()).runs).toEqual([run])

  const text = await inhouse('measurements')
  expect(text.stdout).toMatch(/3f2a91c0-elsewhere +2026-11-24 10:00 +.*Q4_K_M +full +42 ● at 512/)
  expect(text.stdout).toMatch(
    /77aa00bb-elsewhere .*AMD EPYC.*\(cpu\): Q4_K_M 14 GB\/s ● \(13–14\.5\), 90 GFLOP\/s ●/,
  )

  const removed = await inhouse('measurements', 'remove', '3f2a91')
  expect(removed.stderr).toBe('Bring back with: inhouse measurements restore 3f2a91c0-elsewhere\n')
  expect((await list()).runs).toEqual([])
  await inhouse('measurements', 'restore', run.id)
  expect((await list()).runs).toEqual([run])

  const { stdout } = await inhouse('measurements', 'export')
  const exported = stdout.trimEnd().split('\n')
  expect(exported.map((line) => JSON.parse(line) as unknown)).toEqual(
    lines.map((line) => JSON.parse(line) as unknown),
  )
})

it('exports to a file, and never over another', async () => {
  await writeFile(file, JSON.stringify(sampleMeasurement('3f2a91c0-elsewhere')))
  await inhouse('measurements', 'import', file)
  const refused = await inhouse('measurements', 'export', file)
  expect(refused).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('--force') })
  const other = path.join(folder, 'other.jsonl')
  const written = await inhouse('measurements', 'export', other)
  expect(written).toMatchObject({ exitCode: 0, stdout: '', stderr: expect.stringContaining('1 measurement') })
  expect((await inhouse('measurements', 'export', file, '--force')).exitCode).toBe(0)
  expect(await readFile(file, 'utf8')).toBe(await readFile(other, 'utf8'))
})

it('is told apart by as much of an id as is needed', async () => {
  const [one, two] = ['abcd0001', 'abcd0002'].map((id) => JSON.stringify(sampleMeasurement(id)))
  await writeFile(file, `${one}\n${two}`)
  await inhouse('measurements', 'import', file)
  const { stderr, exitCode } = await inhouse('measurements', 'remove', 'abcd')
  expect(stderr).toMatch(/Several measurements[^]*abcd0001, abcd0002/)
  expect(exitCode).toBe(2)
  expect((await list()).runs).toHaveLength(2)
})

it('answers plans of this machine, calibrates others, and says nothing about another machine', async () => {
  const run = await runHere(77)
  await writeFile(file, JSON.stringify(run))
  await inhouse('measurements', 'import', file)
  const { machine, predicted } = await list()
  expect(machine).toBe(run.machine)
  expect(predicted).toMatchObject([
    { id: run.id, measuredTokensPerSecond: 77, calibratedTokensPerSecond: null },
  ])

  const decodeOf = async (...args: readonly string[]) => {
    const { stdout } = await inhouse('plan', ...args, '--json')
    return planOutputSchema.parse(JSON.parse(stdout)).decode
  }
  const own = await decodeOf(MODEL)
  expect(own).toMatchObject({ basis: 'measured', asOf: '2026-11-24' })
  expect(own.value).toBeCloseTo(77, 5)
  expect(await decodeOf('qwen3-0.6b')).toMatchObject({
    basis: 'estimated',
    source: expect.stringContaining('calibrated from 1 measurement on this machine'),
  })
  expect(await decodeOf(MODEL, '--gpu', 'RTX 4090')).toMatchObject({
    basis: 'estimated',
    source: expect.not.stringContaining('calibrated'),
  })
})

it('answers without corrections when what was kept cannot be read, and says so', async () => {
  await writeFile(path.join(folder, 'measurements.sqlite'), 'broken '.repeat(1000))
  const warnings: unknown[] = []
  const warn = console.warn
  console.warn = (text: unknown) => warnings.push(text)
  try {
    expect((await list()).runs).toEqual([])
  } finally {
    console.warn = warn
  }
  expect(warnings).toEqual([expect.stringContaining('measurements.sqlite.broken-1')])
})
