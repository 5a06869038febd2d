import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SMOKE_CHECKS } from '#core/smoke/smoke-record.ts'
import { runInhouse } from './fixtures/run-inhouse.ts'
import { runInProcess } from './fixtures/run-in-process.ts'
import { measurementsOutputSchema } from './schema/measurements-schema.ts'
import { smokeOutputSchema } from './schema/smoke-schema.ts'

/** A machine that is busy with other things runs native threads many times slower. */
const PATIENCE_MILLISECONDS = 300_000

let userFolder = ''
beforeAll(async () => void (userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-cli-smoke-'))))
afterAll(() => rm(userFolder, { recursive: true }))

it(
  'tests the pilot without a word more, and keeps the test',
  async () => {
    const { stdout, stderr, exitCode } = await runInhouse(['smoke', '--json'], { userFolder })
    expect([exitCode, stderr]).toEqual([0, ''])
    const output: unknown = JSON.parse(stdout)
    const { passed, tests, comparison } = smokeOutputSchema.parse(output)
    expect(smokeOutputSchema.parse(output)).toEqual(output)
    expect([passed, tests.length, comparison]).toEqual([true, 1, null])
    expect(tests[0]!.checks.map(({ id, outcome }) => [id, outcome])).toEqual(
      SMOKE_CHECKS.map((id) => [
        id,
        ['follows-format', 'arithmetic', 'needle'].includes(id) ? 'not-asked' : 'passed',
      ]),
    )
    expect(tests[0]!.bench?.decode.tokensPerSecond).toBeGreaterThan(0)
    const listed = await runInProcess(['measurements', '--json'], { userFolder })
    const { runs, smokes } = measurementsOutputSchema.parse(JSON.parse(listed.stdout))
    expect(smokes.map(({ id }) => id)).toEqual([tests[0]!.id])
    // Four megabytes stay in the processor's own cache: their speed says nothing about models.
    expect(runs).toEqual([])
  },
  PATIENCE_MILLISECONDS,
)

it('ends with 1 where the file is no model, and says so', async () => {
  const file = path.join(userFolder, 'no.gguf')
  await writeFile(file, 'GGUF, they said')
  const { stdout, stderr, exitCode } = await runInProcess(['smoke', file], { userFolder })
  expect([exitCode, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^inhouse: .*no\.gguf.*\nChoose another file/)
})

it.each([
  [['--model', 'x'], /Give --endpoint too/],
  [['--endpoint', 'http://127.0.0.1:1/v1'], /--model/],
  [['a.gguf', 'b.gguf', '--lora', 'c.gguf'], /An adapter belongs to one model/],
  [['a.gguf', 'b.gguf', '--endpoint', 'http://127.0.0.1:1/v1', '--model', 'x'], /tested alone, or compared/],
  [['--lora', 'c.gguf:20'], /scale of an adapter/],
])('refuses %j', async (args, words) => {
  const { stdout, stderr, exitCode } = await runInProcess(['smoke', ...args], { userFolder })
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(words)
})
