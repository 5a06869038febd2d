import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as z from 'zod'
import { runInhouse } from './fixtures/run-inhouse.ts'
import type { InhouseRun } from './fixtures/run-inhouse.ts'
import { acceleratorsOutputSchema } from './schema/accelerators-schema.ts'
import { batchAnswerSchema } from './schema/batch-schema.ts'
import { doctorOutputSchema } from './schema/doctor-schema.ts'
import { scanOutputSchema } from './schema/machine-schema.ts'
import { modelsOutputSchema } from './schema/models-schema.ts'
import { planOutputSchema } from './schema/plan-schema.ts'
import { recommendOutputSchema } from './schema/recommend-schema.ts'

const WORKSTATION = path.join(import.meta.dirname, 'fixtures', 'workstation.json')

let userFolder: string

beforeAll(async () => {
  userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-cli-'))
})

afterAll(async () => {
  await rm(userFolder, { recursive: true })
})

function inhouse(...args: readonly string[]): Promise<InhouseRun> {
  return runInhouse(args, { userFolder })
}

/** The parsed output, held to its schema: nothing missing, nothing the schema does not name. */
async function json<Schema extends z.ZodType>(
  schema: Schema,
  ...args: readonly string[]
): Promise<z.infer<Schema>> {
  const { stdout, stderr, exitCode } = await inhouse(...args, '--json')
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  const output: unknown = JSON.parse(stdout)
  expect(schema.parse(output)).toEqual(output)
  return schema.parse(output)
}

const asRtx3090s = ['--machine', WORKSTATION, '--gpu', '2x RTX 3090', '--ram', '128GB']

describe('--json is what the schema says', () => {
  it('scan of a machine made up', async () => {
    const { machine } = await json(scanOutputSchema, 'scan', ...asRtx3090s)
    expect(machine.asIf).toBe(true)
    expect(machine.accelerators.map(({ name, specId }) => [name, specId])).toEqual([
      ['NVIDIA GeForce RTX 3090', 'nvidia-geforce-rtx-3090'],
      ['NVIDIA GeForce RTX 3090', 'nvidia-geforce-rtx-3090'],
    ])
    expect(machine.memory.totalBytes).toBe(128 * 1024 ** 3)
  })

  it('scan is read back by --machine exactly as it was written', async () => {
    const first = await inhouse('scan', ...asRtx3090s, '--json')
    const file = path.join(userFolder, 'saved.json')
    await writeFile(file, first.stdout)
    const second = await inhouse('scan', '--machine', file, '--json')
    expect(second.stdout).toBe(first.stdout)
  })

  it('recommend', async () => {
    const answer = await json(
      recommendOutputSchema,
      'recommend',
      ...asRtx3090s,
      '--use-case',
      'code',
      '--context',
      '32k',
    )
    expect(answer.needs).toMatchObject({ useCase: 'code', contextTokens: 32_768, users: 1 })
    expect(answer.recommendations).toHaveLength(3)
    for (const { fit, memory, reasons } of answer.recommendations) {
      expect(fit).not.toBe('no')
      expect(memory.total.value).toBeLessThanOrEqual(memory.budget.value)
      expect(reasons.length).toBeGreaterThanOrEqual(2)
    }
  })

  it('recommend obeys every need', async () => {
    const needs = ['--users', '4', '--min-speed', '20', '--license', 'permissive', '--max-file', '15GB']
    const more = ['--limit', '8', '--include-superseded', '--use-reserve']
    const answer = await json(recommendOutputSchema, 'recommend', ...asRtx3090s, ...needs, ...more)
    expect(answer.needs).toEqual({
      useCase: 'chat',
      contextTokens: 8192,
      users: 4,
      minTokensPerSecond: 20,
      license: 'permissive',
      maxFileBytes: 15e9,
      includeSuperseded: true,
      useReserve: true,
    })
    expect(answer.recommendations).toHaveLength(8)
    for (const { fileBytes, throughput } of answer.recommendations) {
      expect(fileBytes.value).toBeLessThanOrEqual(15e9)
      expect((throughput.value ?? Infinity) / 4).toBeGreaterThanOrEqual(20)
    }
  })

  it('plan, with what lies where and what else fits', async () => {
    const answer = await json(
      planOutputSchema,
      'plan',
      'llama-3.1-8b',
      ...asRtx3090s,
      '--quant',
      'q6_k',
      '--context',
      '16k',
    )
    expect(answer.model.id).toBe('meta-llama/Llama-3.1-8B-Instruct')
    expect(answer).toMatchObject({
      quantization: 'Q6_K',
      contextTokens: 16_384,
      fit: 'fits',
      missingBytes: 0,
    })
    const onCards = answer.pools.filter(({ pool }) => pool !== 'ram')
    const inPools = onCards.reduce((sum, { memory }) => sum + memory.total.value, 0)
    expect(inPools).toBeCloseTo(answer.memory.total.value, 0)
    const own = answer.ladder.find((cell) => cell.quantization === 'Q6_K' && cell.contextTokens === 16_384)
    expect(own).toMatchObject({
      fit: 'fits',
      totalBytes: answer.memory.total.value,
      fileBytes: answer.fileBytes.value,
    })
  })

  it('a plan that does not fit is an answer, not a failure', async () => {
    const answer = await json(planOutputSchema, 'plan', 'deepseek-v3', '--machine', WORKSTATION)
    expect(answer.fit).toBe('no')
    expect(answer.missingBytes).toBeGreaterThan(0)
  })

  it('models, filtered', async () => {
    const answer = await json(
      modelsOutputSchema,
      'models',
      'qwen3',
      '--developer',
      'alibaba',
      '--license',
      'commercial',
    )
    expect(answer.models.length).toBeGreaterThan(10)
    expect(answer.total).toBeGreaterThanOrEqual(164)
    expect(answer.models.every(({ plan }) => plan === null)).toBe(true)
  })

  it('models that fit, each with its plan', async () => {
    const fitting = await json(
      modelsOutputSchema,
      'models',
      '--fits',
      '--machine',
      WORKSTATION,
      '--limit',
      '20',
    )
    expect(fitting.models).toHaveLength(20)
    for (const { plan } of fitting.models) expect(plan?.fit).toMatch(/fits|tight/)
  })

  it('accelerators', async () => {
    const { accelerators } = await json(acceleratorsOutputSchema, 'accelerators', '4090', 'laptop')
    expect(accelerators.map(({ name }) => name)).toEqual(['NVIDIA GeForce RTX 4090 Laptop GPU'])
  })

  it('accelerators of a machine', async () => {
    const { accelerators } = await json(acceleratorsOutputSchema, 'accelerators', '--here', ...asRtx3090s)
    expect(accelerators.map(({ id }) => id)).toEqual(['nvidia-geforce-rtx-3090'])
  })
})

describe('this very machine', () => {
  it('scan, and a bundle of it that replays to the same machine', async () => {
    const bundle = path.join(userFolder, 'bundle.json')
    const { machine } = await json(scanOutputSchema, 'scan')
    expect(machine.asIf).toBe(false)
    expect(machine.cpu.logicalCores).toBeGreaterThan(0)
    const doctor = await inhouse('doctor', '--bundle', bundle)
    expect(doctor).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`scan --replay ${bundle}`) })
    expect(doctor.stdout).toMatch(/^Inhouse \d+\.\d+\.\d+, Node \d+/)
    const replayed = await json(scanOutputSchema, 'scan', '--replay', bundle)
    expect(replayed.machine.cpu).toEqual(machine.cpu)
    expect(replayed.machine.memory.totalBytes).toBe(machine.memory.totalBytes)
    expect(replayed.machine.accelerators.map(({ name }) => name)).toEqual(
      machine.accelerators.map(({ name }) => name),
    )
  })

  it('doctor never overwrites a bundle unless told to', async () => {
    const file = path.join(userFolder, 'precious.json')
    await writeFile(file, 'precious')
    const refused = await inhouse('doctor', '--bundle', file)
    expect(refused).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('--force') })
    expect(await readFile(file, 'utf8')).toBe('precious')
    expect((await inhouse('doctor', '--bundle', file, '--force')).exitCode).toBe(0)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ raw: expect.any(Object) })
    const elsewhere = await inhouse('doctor', '--bundle', path.join(userFolder, 'no', 'such', 'folder.json'))
    expect(elsewhere).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('cannot be written'),
    })
  })

  it('doctor --json', async () => {
    const { report, machine } = await json(doctorOutputSchema, 'doctor', '--gpu', 'RTX 4090')
    expect(report).toContain('NVIDIA GeForce RTX 4090')
    expect(machine.accelerators).toHaveLength(1)
  })

  it('replays one recorded sample', async () => {
    const file = path.join(userFolder, 'sample.json')
    const command = 'nvidia-smi --query-gpu=index,name,memory.total,memory.free --format=csv'
    const table =
      'index, name, memory.total [MiB], memory.free [MiB]\n0, NVIDIA GeForce RTX 4090, 24564 MiB, 23000 MiB\n'
    await writeFile(file, JSON.stringify({ os: 'linux', raw: { [command]: table } }))
    const { machine } = await json(scanOutputSchema, 'scan', '--replay', file)
    expect(machine.accelerators).toMatchObject([
      { memoryBytes: 24_564 * 1024 ** 2, freeBytes: 23_000 * 1024 ** 2 },
    ])
    expect(machine.memory).toMatchObject({ totalBytes: null, freeBytes: null })
  })
})

describe('schema', () => {
  it('names every output and forbids nothing that may come later', async () => {
    const { stdout, exitCode } = await inhouse('schema')
    expect(exitCode).toBe(0)
    const schema = JSON.parse(stdout) as { properties: Record<string, unknown> }
    expect(Object.keys(schema.properties)).toEqual([
      'scan',
      'recommend',
      'plan',
      'batch-line',
      'batch-answer',
      'measure',
      'measurements',
      'import',
      'chat',
      'smoke',
      'models',
      'accelerators',
      'doctor',
      'library',
      'library-file',
      'download',
      'download-list',
    ])
    expect(stdout).not.toContain('"additionalProperties": false')
  })

  it('prints one output alone', async () => {
    const { stdout } = await inhouse('schema', 'plan')
    const schema = JSON.parse(stdout) as { properties: Record<string, unknown> }
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(['fileBytes', 'pools', 'ladder', 'decode']),
    )
  })
})

describe('batch', () => {
  const batch = async (lines: readonly unknown[]): Promise<Record<string, unknown>[]> => {
    const stdin = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
    const args = ['plan', '--batch', '-', '--machine', WORKSTATION]
    const { stdout, exitCode, stderr } = await runInhouse(args, { userFolder, stdin })
    expect([exitCode, stderr]).toEqual([0, ''])
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    for (const answer of answers) expect(batchAnswerSchema.parse(answer)).toEqual(answer)
    return answers
  }

  it('answers line by line, in order, and goes on after a bad one', async () => {
    const answers = await batch([
      { id: 'a', model: 'llama-3.1-8b', quant: 'Q4_K_M', context: 8192, gpu: 'RTX 4090', ram: '64GB' },
      '{ broken',
      '',
      { model: 'llama-9', quant: 'Q4_K_M', context: 8192 },
      { id: 3, model: 'qwen3-30b-a3b', quant: 'Q4_K_M', context: 32768, gpu: '2x RTX 3090', backend: 'cuda' },
      { model: 'llama-3.1-8b', quant: 'Q4_K_M', context: -5 },
      { model: 'llama-3.1-8b', quant: 'Q9_Z', context: 8192 },
      { model: 'llama-3.1-8b', quant: 'Q4_K_M', context: 10_000_000 },
      { model: 'llama-3.1-8b', quant: 'Q4_K_M', context: 8192, gpu: 'RTX 9999' },
      { model: 'llama-3.1-8b', quant: 'Q4_K_M', context: 8192, ram: 'lots' },
      { model: 'llama-3.1-8b', quant: 'Q4_K_M', contxt: 4096 },
      { model: 'llama-3.1-8b', quant: 'Q4_K_M', context: 8192, gpu: null, vramGb: null },
      '[1, 2]',
      {
        model: 'llama-3.1-8b',
        quant: 'Q4_K_M',
        context: 8192,
        gpu: 'M2 Max 38',
        vramGb: 64,
        depth: 4096,
        engine: 'mlx',
      },
    ])
    expect(answers.map(({ id, line, error }) => [id, line ?? null, error ?? null])).toEqual([
      ['a', null, null],
      [2, 2, expect.stringContaining('not JSON')],
      [4, 4, expect.stringContaining('No model of the catalogue is called "llama-9"')],
      [3, null, null],
      [6, 6, expect.stringContaining('context')],
      [7, 7, expect.stringContaining('No quantization is called "Q9_Z"')],
      [8, 8, expect.stringContaining('at most 131,072 tokens')],
      [9, 9, expect.stringContaining('RTX 9999')],
      [10, 10, expect.stringContaining('"lots"')],
      [11, null, null],
      [12, null, null],
      [13, 13, 'the line is not a JSON object'],
      [14, 14, expect.stringContaining('Q4_K_M is a format of llama.cpp and ollama')],
    ])
    expect(answers[9]?.ignored).toEqual(['contxt'])
  })

  it('answers 1,000 lines and keeps their order', async () => {
    const models = ['llama-3.1-8b', 'qwen3-30b-a3b', 'gpt-oss-20b', 'gemma-3-12b-it']
    const gpus = ['RTX 4090', '2x RTX 3090', 'RTX 3060 12GB', 'none']
    const lines = Array.from({ length: 1000 }, (_, index) => ({
      id: `line ${index}`,
      model: models[index % models.length],
      context: 4096 + 128 * (index % 32),
      gpu: gpus[Math.floor(index / 4) % gpus.length],
      ram: '64GB',
    }))
    const answers = await batch(lines)
    expect(answers.map(({ id }) => id)).toEqual(lines.map(({ id }) => id))
    expect(answers.filter(({ error }) => error !== undefined)).toEqual([])
  })

  it('reads a file, and names one that is missing', async () => {
    const file = path.join(userFolder, 'plans.jsonl')
    await writeFile(file, '{"model":"llama-3.1-8b","quant":"Q4_K_M"}\r\n')
    const { stdout } = await inhouse('plan', '--batch', file, '--machine', WORKSTATION)
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, fit: 'fits' })
    const missing = await inhouse(
      'plan',
      '--batch',
      path.join(userFolder, 'none.jsonl'),
      '--machine',
      WORKSTATION,
    )
    expect(missing).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('none.jsonl') })
  })
})
