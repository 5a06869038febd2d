import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadCatalogue } from '#backend/catalog/catalog.ts'
import { packageRoot } from '#backend/store/package-root.ts'
import { evaluatePlan } from '#core/plan/evaluate-plan.ts'
import { machineAsIf } from './as-if-machines.ts'
import { runInProcess } from './fixtures/run-in-process.ts'
import { readSavedMachine } from './input/read-saved-machine.ts'
import { planJson } from './json/plan-json.ts'
import { planRequest } from './plan-request.ts'
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

async function answer(args: readonly string[], stdin = ''): Promise<unknown> {
  const run = await runInProcess([...args, '--machine', WORKSTATION], { userFolder, stdin })
  expect([run.exitCode, run.stderr]).toEqual([0, ''])
  return JSON.parse(run.stdout)
}

it.each([
  { gpu: 'RTX 4090', context: 8192, users: 1 },
  { gpu: 'RTX 3060 12GB', context: 16_384, users: 4 },
  { gpu: 'none', context: 4096, users: 1 },
])('every way to ask for one plan gives one answer, on $gpu', async ({ gpu, context, users }) => {
  const what = ['--gpu', gpu, '--context', String(context), '--users', String(users), '--json']
  const { recommendations } = recommendOutputSchema.parse(await answer(['recommend', ...what]))
  const catalogue = await loadCatalogue({ dataFolder: path.join(packageRoot(), 'data'), userFolder: null })
  const saved = await readSavedMachine(WORKSTATION)
  const whatIf = { gpus: [gpu], vramBytes: null, ramBytes: null, cpuCores: null, backend: null }
  const machine = machineAsIf(saved, whatIf, catalogue.accelerators)
  expect(recommendations).toHaveLength(3)
  for (const recommended of recommendations) {
    const { model, quantization, engine } = recommended
    const planned = planOutputSchema.parse(
      await answer(['plan', model.id, '--quant', quantization, '--engine', engine, ...what]),
    )
    const line = { id: 1, model: model.id, quant: quantization, engine, context, users, gpu }
    const ofBatch = await answer(['plan', '--batch', '-'], JSON.stringify(line))
    const wish = { model: model.id, quant: quantization, engine, context, users }
    const ofCore = planJson(evaluatePlan(planRequest(wish, machine, catalogue), catalogue.speedModel))

    expect(planned).toMatchObject(JSON.parse(JSON.stringify(ofCore)))
    const { roles: _roles, score: _score, onParetoFront: _front, ...shared } = recommended
    expect(planned).toMatchObject(shared)
    const { fileBytes, memory, fit, decode, prefill } = planned
    expect(ofBatch).toEqual({ id: 1, fileBytes, memory, fit, decode, prefill })
  }
})
