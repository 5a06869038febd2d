import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runInhouse } from './fixtures/run-inhouse.ts'
import { scanOutputSchema } from './schema/machine-schema.ts'
import { measureOutputSchema } from './schema/measure-schema.ts'
import { measurementsOutputSchema } from './schema/measurements-schema.ts'
import { planOutputSchema } from './schema/plan-schema.ts'

/** The smallest of the catalogue: seconds, where nothing else runs. */
const MODEL = 'HuggingFaceTB/SmolLM2-135M-Instruct'
const ENTRY = path.resolve(import.meta.dirname, '..', 'cli.ts')
/** A machine that is busy with other things runs native threads many times slower. */
const PATIENCE_MILLISECONDS = 900_000

let userFolder = ''
beforeAll(async () => void (userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-cli-measure-'))))
afterAll(() => rm(userFolder, { recursive: true }))

const inhouse = (...args: readonly string[]) => runInhouse(args, { userFolder })

async function dryRunFiles(): Promise<readonly string[]> {
  return readdir(path.join(userFolder, 'dry-run')).catch(() => [])
}

describe('measure', () => {
  it.each(['quick', 'full'] as const)(
    'runs a model that nobody downloaded, %s, keeps what it found, and leaves no file',
    async (method) => {
      const args = ['measure', MODEL, '--context', '256', '--streams', '1,2', '--json']
      const { stdout, stderr, exitCode } = await inhouse(...args, ...(method === 'quick' ? ['--quick'] : []))
      expect(stderr).toMatch(
        /^Measuring SmolLM2 135M.*: about \d+ to \d+ (s|min), .* of memory \(.* free\), .* of disk.*\n$/,
      )
      expect(exitCode).toBe(0)
      const output: unknown = JSON.parse(stdout)
      expect(measureOutputSchema.parse(output)).toEqual(output)
      const measured = measureOutputSchema.parse(output)
      expect(measured.method).toBe(method)
      expect(measured.decode).toMatchObject({ basis: 'measured', unit: 'tokensPerSecond' })
      expect(measured.decode.value).toBeGreaterThan(0)
      expect(measured.prefill).toMatchObject({ basis: 'measured', unit: 'tokensPerSecond' })
      expect(measured.runs.map((run) => run.kind === 'decode' && run.streams)).toContain(2)
      expect(measured.predicted.decode).toMatchObject({ basis: 'estimated' })
      expect(await dryRunFiles()).toEqual([])

      const { stdout: listed } = await inhouse('measurements', '--json')
      const { runs } = measurementsOutputSchema.parse(JSON.parse(listed))
      expect(runs[0]?.id).toBe(measured.id)

      const { resident, mapped, anonymous } = measured.memory
      if (method === 'quick') return expect(resident.value).toBeNull()
      expect(resident).toMatchObject({ basis: 'measured', unit: 'bytes' })
      // The pages of a hole are not all read, and other systems tell no parts.
      expect((mapped.value ?? 0) + (anonymous.value ?? 0)).toBeLessThanOrEqual((resident.value ?? 0) * 1.05)
    },
    PATIENCE_MILLISECONDS,
  )
})

describe('scan --measure', () => {
  it(
    'times the machine, and remembers it',
    async () => {
      const { stdout, stderr, exitCode } = await inhouse('scan', '--measure', '--json')
      expect(await dryRunFiles()).toEqual([])
      if (exitCode === 1) {
        // A machine that computes something else meanwhile says so instead of a figure; nothing is kept then.
        expect([stdout, stderr]).toEqual(['', expect.stringContaining('inhouse: Other programs kept')])
        const { stdout: kept } = await inhouse('scan', '--json')
        return expect(scanOutputSchema.parse(JSON.parse(kept)).speed).toBeNull()
      }
      expect([stderr, exitCode]).toEqual([expect.stringMatching(/^Measuring how fast.*\n$/), 0])
      const output: unknown = JSON.parse(stdout)
      expect(scanOutputSchema.parse(output)).toEqual(output)
      const { speed } = scanOutputSchema.parse(output)
      expect(speed?.formats.length).toBeGreaterThan(0)
      const later = await inhouse('scan', '--json')
      expect(scanOutputSchema.parse(JSON.parse(later.stdout)).speed).toEqual(speed)
      expect((await inhouse('scan')).stdout).toMatch(
        /\nSpeed +measured on \d{4}-\d\d-\d\d \(\w+\)\n +\w+ .* GB\/s ●/,
      )
    },
    PATIENCE_MILLISECONDS,
  )
})

describe('plan --exact', () => {
  it(
    'takes its memory from the allocator, and no longer the second time',
    async () => {
      const plans = []
      for (const _time of ['first', 'second']) {
        const { stdout, stderr, exitCode } = await inhouse('plan', MODEL, '--exact', '--json')
        expect([stderr, exitCode]).toEqual(['', 0])
        const output: unknown = JSON.parse(stdout)
        expect(planOutputSchema.parse(output)).toEqual(output)
        plans.push(planOutputSchema.parse(output))
      }
      const [first, second] = plans
      for (const part of ['weights', 'kvCache', 'compute', 'total'] as const) {
        expect(first?.memory[part].basis).toBe('simulated')
        expect(second?.memory[part].value).toBe(first?.memory[part].value)
      }
      expect(first?.memory.overhead.basis).toBe('estimated')
      expect(first?.simulation?.seconds).toBeGreaterThan(0)
      expect(second?.simulation?.seconds).toBe(0)
      expect(await dryRunFiles()).toEqual([])
      const { stdout } = await inhouse('plan', MODEL, '--exact', '--backend', 'cpu')
      expect(stdout).toMatch(/◆[^]*Weights, cache and compute are what the allocator of llama\.cpp \S+ takes/)
    },
    PATIENCE_MILLISECONDS,
  )
})

interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>
}

/** A full measurement, once its file is there. */
async function startedMeasuring(): Promise<Started> {
  const child = spawn(process.execPath, [ENTRY, 'measure', MODEL, '--context', '256'], {
    env: { ...process.env, INHOUSE_DATA_DIR: userFolder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stderr })),
  )
  // What the file system can do is tried with a file of its own first.
  while (!(await dryRunFiles()).some((name) => !name.includes('-hole-'))) {
    if (child.exitCode !== null) throw new Error(`ended before it wrote a file: ${stderr}`)
    await sleep(5)
  }
  return { child, ended }
}

describe('a measurement that is called off', () => {
  it.skipIf(process.platform === 'win32').each([
    ['SIGINT', 'at its start', 0],
    ['SIGINT', 'in the middle', 3000],
    ['SIGTERM', 'in the middle', 3000],
  ] as const)(
    'by %s %s removes its file, keeps nothing and says so',
    async (signal, _when, milliseconds) => {
      const before = (await inhouse('measurements', 'export')).stdout
      const { child, ended } = await startedMeasuring()
      await sleep(milliseconds)
      child.kill(signal)
      expect(await ended).toEqual({
        code: 1,
        stderr: expect.stringMatching(
          /inhouse: Cancelled; nothing was kept\.\nStart it again whenever you like\.\n$/,
        ),
      })
      expect(await dryRunFiles()).toEqual([])
      expect((await inhouse('measurements', 'export')).stdout).toBe(before)
    },
    PATIENCE_MILLISECONDS,
  )

  it.skipIf(process.platform === 'win32')(
    'by SIGKILL leaves nothing behind after the next start',
    async () => {
      const { child, ended } = await startedMeasuring()
      child.kill('SIGKILL')
      await ended
      await inhouse('plan', MODEL, '--exact')
      expect(await dryRunFiles()).toEqual([])
    },
    PATIENCE_MILLISECONDS,
  )
})
