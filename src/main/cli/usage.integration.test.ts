import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '#backend/store/package-root.ts'
import { runInProcess } from './fixtures/run-in-process.ts'
import { runInhouse } from './fixtures/run-inhouse.ts'
import type { InhouseRun } from './fixtures/run-inhouse.ts'

const WORKSTATION = path.join(import.meta.dirname, 'fixtures', 'workstation.json')
const ENTRY = path.resolve(import.meta.dirname, '..', 'cli.ts')
const COMMANDS = [
  'scan',
  'recommend',
  'plan',
  'measure',
  'measurements',
  'smoke',
  'models',
  'accelerators',
  'doctor',
  'schema',
  'ui',
]

let userFolder: string

beforeAll(async () => {
  userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-cli-'))
})

afterAll(async () => {
  await rm(userFolder, { recursive: true })
})

/** In this process: dozens of starts would cost more than they could show. */
function inhouse(...args: readonly string[]): Promise<InhouseRun> {
  return runInProcess(args, { userFolder })
}

async function fileWith(name: string, text: string): Promise<string> {
  const file = path.join(userFolder, name)
  await writeFile(file, text)
  return file
}

describe('help', () => {
  it.each(COMMANDS)('%s --help has examples', async (command) => {
    const { stdout, stderr, exitCode } = await inhouse(command, '--help')
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toContain('Examples:')
    expect(stdout).toContain(`$ inhouse ${command}`)
  })

  it('inhouse alone explains itself, --version answers', async () => {
    expect(await inhouse()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Commands:') })
    expect(await inhouse('--version')).toMatchObject({ exitCode: 0, stdout: '1.2.3\n' })
  })
})

describe('a real process', () => {
  it('ends with the code and the streams that scripts rely on', async () => {
    const version = await runInhouse(['--version'], { userFolder })
    expect(version).toEqual({ exitCode: 0, stderr: '', stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
    const usage = await runInhouse(['recommend', '--ram', 'lots'], { userFolder })
    expect(usage).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringMatching(/^inhouse: .*"lots"/) })
    const missing = await runInhouse(['scan', '--machine', '/no/such/file.json'], { userFolder })
    expect(missing).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('/no/such/file.json'),
    })
  })
})

describe('bad usage ends with 2, says what is wrong and what to do, and prints nothing else', () => {
  const onWorkstation = ['--machine', WORKSTATION]
  it.each([
    [['recomend'], /unknown command 'recomend'[^]*recommend/],
    [['scan', '--jsn'], /unknown option '--jsn'[^]*--json/],
    [['recommend', '--ram', 'lots'], /"lots"[^]*64GB/],
    [['recommend', '--ram', '-4GB'], /-4GB/],
    [['recommend', '--vram', '0'], /"0"/],
    [['recommend', '--cpu-cores', '0'], /number of cores must be a whole number from 1/],
    [['recommend', '--context', '-1'], /"-1"/],
    [
      ['recommend', '--context', '900m', ...onWorkstation],
      /No model of the catalogue handles 943,718,400 tokens/,
    ],
    [['recommend', '--users', 'many'], /"many"/],
    [['recommend', '--use-case', 'cooking'], /Allowed choices are chat, code, reasoning/],
    [['recommend', '--license', 'free'], /Allowed choices are any, commercial, permissive/],
    [['recommend', '--limit', '0'], /limit/],
    [['recommend', '--gpu', 'RTX 9999', ...onWorkstation], /Unknown GPU "RTX 9999": did you mean/],
    [['recommend', '--gpu', 'none', '--gpu', 'RTX 4090', ...onWorkstation], /contradict/],
    [['recommend', '--vram', '24GB', ...onWorkstation], /no usable GPU to give memory to/],
    [['recommend', '--backend', 'cuda', ...onWorkstation], /no GPU of this machine runs cuda/i],
    [['plan'], /plan needs a model/],
    [
      ['plan', 'lama-3.1-8b', ...onWorkstation],
      /No model of the catalogue is called "lama-3.1-8b"[^]*Llama-3.1-8B/,
    ],
    [
      ['plan', 'llama-3.1-8b', '--quant', 'Q4_K_X', ...onWorkstation],
      /No quantization is called "Q4_K_X"[^]*Q4_K_/,
    ],
    [
      ['plan', 'llama-3.1-8b', '--context', '1m', ...onWorkstation],
      /at most 131,072 tokens of context; asked for 1,048,576/,
    ],
    [['plan', 'llama-3.1-8b', '--gpu-layers', '99', ...onWorkstation], /has 33 layers[^]*33 or less/],
    [
      ['plan', 'llama-3.1-8b', '--engine', 'vllm', '--quant', 'Q4_K_M', ...onWorkstation],
      /vllm does not run it/,
    ],
    [
      ['plan', 'llama-3.1-8b', '--engine', 'mlx', '--gpu-layers', '9', ...onWorkstation],
      /cannot split a model by layers/,
    ],
    [
      ['plan', 'llama-3.1-8b', '--backend', 'cpu', '--gpu-layers', '9', ...onWorkstation],
      /no layers on a GPU/,
    ],
    [
      ['plan', 'llama-3.1-8b', '--context', '8k', '--depth', '9000', ...onWorkstation],
      /depth of 9,000 tokens does not fit into a context of 8,192/,
    ],
    [['plan', 'llama-3.1-8b', '--batch', '-'], /one too many/],
    [['plan', '--batch', '-', '--quant', 'Q4_K_M'], /--quant cannot be combined with --batch/],
    [['plan', 'llama-3.1-8b', '--exact', ...onWorkstation], /--exact runs on this very machine/],
    [['plan', 'llama-3.1-8b', '--exact', '--gpu', 'RTX 4090'], /--exact runs on this very machine/],
    [['plan', 'llama-3.1-8b', '--exact', '--ram', '64GB'], /Leave out --exact, or the options of another/],
    [['plan', '--exact', '--batch', '-'], /'--exact' cannot be used with option '--batch/],
    [['scan', '--measure', ...onWorkstation], /--measure runs on this very machine/],
    [['scan', '--measure', '--replay', WORKSTATION], /--measure runs on this very machine/],
    [['measure'], /missing required argument 'model'/],
    [['measure', 'lama-3.1-8b'], /No model of the catalogue is called "lama-3.1-8b"/],
    [['measure', 'llama-3.1-8b', '--quant', 'AWQ'], /llama.cpp does not run it/],
    [['measure', 'llama-3.1-8b', '--gpu', 'RTX 4090'], /unknown option '--gpu'/],
    [['measure', 'llama-3.1-8b', '--streams', '1,lots'], /streams are whole numbers from 1 to 64/],
    [['measure', 'llama-3.1-8b', '--streams', '0'], /streams are whole numbers from 1 to 64/],
    [['measure', 'llama-3.1-8b', '--streams', '1,2,3,4,5,6,7,8,9'], /at most 8 numbers/],
    [['measure', 'llama-3.1-8b', '--backend', 'rocm'], /Allowed choices are cuda, vulkan, metal, cpu/],
    [['measurements', 'burn'], /measurements cannot "burn"[^]*list, export, import, remove and restore/],
    [['measurements', 'remove'], /missing required argument 'id'/],
    [['measurements', 'remove', 'abc'], /No measurement has the id "abc"/],
    [['measurements', 'restore', 'abc'], /No measurement, kept or removed, has the id "abc"/],
    [['measurements', 'import', '/no/such/file.jsonl'], /\/no\/such\/file\.jsonl[^]*no such file/],
    [['models', 'no such thing'], /No model of the catalogue matches "no such thing"/],
    [['accelerators', 'voodoo 9'], /No accelerator of the catalogue matches/],
    [['schema', 'weather'], /No output is called "weather"[^]*scan, recommend, plan/],
    [['scan', '--machine', '/no/such/file.json'], /\/no\/such\/file\.json[^]*no such file[^]*scan --json/],
    [['scan', '--replay', WORKSTATION], /not a recording: it needs "os" and "raw"/],
    [['scan', '--replay', WORKSTATION, '--machine', WORKSTATION], /'--replay <file>' cannot be used with/],
    [['doctor', '--bundle', 'x.json', '--machine', WORKSTATION], /'--bundle <file>' cannot be used with/],
    [['ui', '--port', '99999'], /port must be a whole number from 0 to 65535/],
  ])('inhouse %j', async (args, message) => {
    const { stdout, stderr, exitCode } = await inhouse(...args)
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/^inhouse: /)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect([exitCode, stdout]).toEqual([2, ''])
  })
})

describe('errors that quote what is foreign', () => {
  const ESCAPE = '\u001b[2J\u001b]0;title\u0007'

  it.each([
    [['plan', `${ESCAPE}model`]],
    [['plan', 'qwen3-8b', '--gpu', `${ESCAPE}card`]],
    [['plan', 'qwen3-8b', '--context', ESCAPE]],
    [[`${ESCAPE}command`]],
    [['scan', '--replay', `/no/such/${ESCAPE}`]],
  ])('%j reaches the terminal as text alone', async (args) => {
    const { stderr, exitCode } = await inhouse(...args)
    // oxlint-disable-next-line no-control-regex -- none may be there
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
    expect(stderr).toContain('\u{fffd}[2J')
    expect(exitCode).toBe(2)
  })

  it('a file of escape sequences reaches the terminal as text alone', async () => {
    const file = await fileWith('escapes.json', ESCAPE)
    const recording = await fileWith('escapes-os.json', JSON.stringify({ os: ESCAPE, raw: {} }))
    for (const name of [file, recording]) {
      const { stderr } = await inhouse('scan', '--replay', name)
      expect(stderr).toContain('\u{fffd}')
      expect(stderr).not.toContain('\u001b')
    }
  })
})

describe('a corrupt saved scan', () => {
  it.each([
    ['not JSON', '{ "machine": ', /not JSON/],
    ['another JSON', '{"hello": 1}', /the field "machine" is missing/],
    ['a list', '[]', /the field "machine" is missing/],
    ['a hole', '{"machine": {"os": null}}', /the field machine\.os is wrong/],
  ])('%s is told with the file, the field and the next step', async (_what, text, message) => {
    const file = await fileWith('corrupt.json', text)
    const { stderr, exitCode, stdout } = await inhouse('recommend', '--machine', file)
    expect(stderr).toMatch(message)
    expect(stderr).toContain(file)
    expect(stderr).toContain('inhouse scan --json > machine.json')
    expect([exitCode, stdout]).toEqual([2, ''])
  })

  it('names the very field of a wrong value', async () => {
    const { stdout } = await inhouse('scan', '--machine', WORKSTATION, '--gpu', 'RTX 4090', '--json')
    const file = await fileWith('wrong.json', stdout.replace(/"vendor": "NVIDIA"/, '"vendor": "Voodoo"'))
    const { stderr } = await inhouse('plan', 'llama-3.1-8b', '--machine', file)
    expect(stderr).toContain('the field machine.accelerators[0].vendor is wrong')
    const zero = await fileWith('zero.json', stdout.replace(/"totalBytes": \d+/, '"totalBytes": 0'))
    expect((await inhouse('scan', '--machine', zero)).stderr).toContain('machine.memory.totalBytes')
  })
})

describe('for people', () => {
  const asRtx4090 = ['--machine', WORKSTATION, '--gpu', 'RTX 4090']

  it('recommend: the machine in one line, the picks as a table, where to go next', async () => {
    const { stdout } = await inhouse('recommend', ...asRtx4090)
    expect(stdout).toMatch(/^Machine {2}as if: RTX 4090 24 GiB · 64 GiB RAM · Ryzen 9 7950X \(16 cores\)\n/)
    expect(stdout).toMatch(/# best for +Model +Quant\. +Memory +Fit +Decode +Quality +Runs on +License/)
    expect(stdout).toMatch(/\n1 .+ fits +~\d+ tok\/s/)
    expect(stdout).toMatch(/Next\n {2}inhouse plan \S+ --quant \S+/)
  })

  it.each([
    ['recommend', []],
    ['plan', ['llama-3.1-8b']],
    ['scan', []],
  ])('%s piped has no escape codes, and --explain says how each figure is known', async (command, args) => {
    const { stdout } = await runInhouse([command, ...args, ...asRtx4090, '--explain'], {
      userFolder,
      environment: { FORCE_COLOR: '1' },
    })
    // oxlint-disable-next-line no-control-regex -- looking for them is the point
    expect(stdout).not.toMatch(/\u001b/)
    expect(stdout).toMatch(/Where these (figures|values) come from/)
  })

  it('explains the basis, the interval and the source', async () => {
    const { stdout } = await inhouse('plan', 'llama-3.1-8b', ...asRtx4090, '--explain')
    expect(stdout).toMatch(
      /decode: ~\d+ tok\/s · estimated · interval \d+–\d+ · source: .+ · as of \d{4}-\d\d-\d\d/,
    )
  })

  it('shows what a user added as theirs, and names what it had to leave out', async () => {
    const shipped = await readFile(path.join(packageRoot(), 'data', 'models.json'), 'utf8')
    const [record] = (JSON.parse(shipped) as { records: object[] }).records
    const ownFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-own-'))
    const marked = { ...record, id: 'me/marked', name: '<b>Mine</b> 9B' }
    const steering = { ...record, id: 'me/steering', name: 'Evil \u001b[31m 9B' }
    await writeFile(
      path.join(ownFolder, 'models.json'),
      JSON.stringify([marked, steering, { id: 'me/broken' }]),
    )
    const run = await runInhouse(['models', 'me/'], { userFolder: ownFolder })
    await rm(ownFolder, { recursive: true })
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toContain('<b>Mine</b> 9B (yours)')
    expect(run.stdout).not.toContain('Evil')
    expect(run.stderr).toMatch(
      /models\.json:\d+: Entry 2 was left out[^]*models\.json:\d+: Entry 3 was left out/,
    )
  })
})

it('a reader that leaves early gets no message', async () => {
  const { exitCode, stderr } = await new Promise<{ exitCode: number | null; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [ENTRY, 'accelerators', '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.stdout.once('data', () => child.stdout.destroy())
    child.on('close', (exitCode) => resolve({ exitCode, stderr }))
  })
  expect([exitCode, stderr]).toEqual([0, ''])
})
