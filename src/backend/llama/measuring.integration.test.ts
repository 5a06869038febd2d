import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { dryRunFolder } from '#backend/llama/dry-run-folder.ts'
import { startEngineProcess } from '#backend/llama/engine-process.ts'
import { engineWorkerFile } from '#backend/llama/engine-worker-file.ts'
import { createMeasuring, type MeasureJob, type Measuring } from '#backend/llama/measuring.ts'
import { testRequest } from '#backend/llama/testing/test-request.ts'
import { packageRoot } from '#backend/store/package-root.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { mebibytesToBytes } from '#core/units/units.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

const SMALL = 'HuggingFaceTB/SmolLM2-135M-Instruct'
const root = packageRoot()

let userFolder: string
let measuring: Measuring
beforeEach(async () => {
  userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-measuring-'))
  measuring = createMeasuring({ root, userFolder })
})
afterEach(async () => {
  measuring.close()
  await rm(userFolder, { recursive: true, force: true })
})

function request(change: Partial<PlanRequest> = {}): PlanRequest {
  return testRequest(shippedCatalogue, SMALL, change)
}

function jobOf(change: Partial<MeasureJob> = {}): MeasureJob {
  return {
    request: request(),
    catalogue: shippedCatalogue,
    method: 'quick',
    streams: [],
    force: false,
    ...change,
  }
}

async function filesLeft(): Promise<readonly string[]> {
  return readdir(dryRunFolder(userFolder)).catch(() => [])
}

describe('simulate', () => {
  it('gives the bytes that llama.cpp asks for, once, and leaves no file', async () => {
    const simulation = await measuring.simulate(request(), shippedCatalogue)
    const { terms, candidate } = planNumbers(request(), shippedCatalogue.speedModel)
    const [load] = candidate.loads
    expect(simulation).toMatchObject({ modelId: SMALL, backend: 'cpu', gpuLayers: 0, users: 1 })
    expect(simulation.device).toEqual({ weightsBytes: 0, contextBytes: 0 })
    expect(simulation.host.weightsBytes / load!.weightsBytes).toBeCloseTo(1, 2)
    expect(simulation.host.contextBytes).toBeGreaterThan(terms.sequence.cachePrefix.at(-1)!)
    expect(await measuring.simulate(request(), shippedCatalogue)).toEqual({ ...simulation, seconds: 0 })
    expect(await filesLeft()).toEqual([])
  })

  it('says the same of a file that lists its words, which is only slower to read', async () => {
    const { host } = await measuring.simulate(request(), shippedCatalogue)
    const file = path.join(userFolder, 'words.gguf')
    const { model, quantization, contextTokens } = request()
    await writeModelFile({ model, quantization, path: file, fill: 'sparse' })
    const engine = startEngineProcess(engineWorkerFile(root))
    const load = { path: file, backend: 'cpu', gpuLayers: 0, threads: 1 } as const
    const context = { contextTokens, sequences: 1, kvType: 'f16', flashAttention: true } as const
    const answer = await engine.run({ kind: 'simulate', load, context }, { patienceSeconds: 60 })
    engine.stop()
    expect(answer.host).toEqual(host)
  })

  it('knows its answers after the next start, from the user folder', async () => {
    const simulation = await measuring.simulate(request(), shippedCatalogue)
    measuring.close()
    measuring = createMeasuring({ root, userFolder })
    expect((await measuring.simulate(request(), shippedCatalogue)).host).toEqual(simulation.host)
    expect(await readFile(path.join(userFolder, 'simulations.json'), 'utf8')).toContain(SMALL)
  })

  it('names the architecture that llama.cpp does not know, instead of guessing', async () => {
    const { model } = request()
    const unknown = { ...model, architecture: { ...model.architecture, gguf: 'unheard-of' } }
    await expect(measuring.simulate(request({ model: unknown }), shippedCatalogue)).rejects.toMatchObject({
      code: 'MODEL_REJECTED',
    })
    await expect(measuring.simulate(request(), shippedCatalogue)).resolves.toBeDefined()
    expect(await filesLeft()).toEqual([])
  })

  it('refuses hardware that is made up', async () => {
    const { machine } = request()
    await expect(
      measuring.simulate(request({ machine: { ...machine, asIf: true } }), shippedCatalogue),
    ).rejects.toMatchObject({ code: 'MEASURE_REFUSED' })
  })
})

describe('a dry run', () => {
  it('measures a model nobody downloaded and leaves no file', async () => {
    const stages = new Set<string>()
    const run = measuring.run(jobOf({ streams: [2] }))
    let next = await run.next()
    let before = 0
    while (next.done !== true) {
      stages.add(next.value.stage)
      expect(next.value.fraction).toBeGreaterThanOrEqual(before)
      before = next.value.fraction
      next = await run.next()
    }
    expect([...stages]).toEqual(expect.arrayContaining(['writing', 'loading', 'decode', 'prefill']))
    const { decode, prefill, engine, plan } = next.value
    expect(plan).toMatchObject({ modelId: SMALL, mode: 'cpu', gpuLayers: 0 })
    expect(engine).toMatchObject({ backend: 'cpu', threads: 1 })
    for (const speed of [...decode, ...prefill]) {
      expect(speed.lowTokensPerSecond).toBeGreaterThan(0)
      expect(speed.lowTokensPerSecond).toBeLessThanOrEqual(speed.tokensPerSecond)
      expect(speed.tokensPerSecond).toBeLessThanOrEqual(speed.highTokensPerSecond)
    }
    expect(new Set(decode.map(({ streams }) => streams))).toEqual(new Set([1, 2]))
    expect(await filesLeft()).toEqual([])
  })

  it('tells mapped weights from its own memory in a full run', async () => {
    const run = measuring.run(jobOf({ method: 'full', request: request({ contextTokens: 256 }) }))
    let next = await run.next()
    while (next.done !== true) next = await run.next()
    const { memory } = next.value
    const weights = memory!.buffers.find(({ use, place }) => use === 'weights' && place !== 'CPU_REPACK')
    expect(memory!.residentBytes).toBeGreaterThan(weights!.bytes)
    // Code of the engine that is first used while it runs is mapped too, a few MB.
    if (process.platform === 'linux')
      expect(Math.abs(memory!.mappedBytes! - weights!.bytes)).toBeLessThan(mebibytesToBytes(16))
  })

  it('ends when its reader leaves, with its file', async () => {
    for await (const { stage } of measuring.run(jobOf())) if (stage === 'decode') break
    expect(await filesLeft()).toEqual([])
    await expect(measuring.simulate(request(), shippedCatalogue)).resolves.toBeDefined()
  })

  it('ends when it is cancelled, and says so', async () => {
    const cancelling = new AbortController()
    const run = measuring.run(jobOf(), cancelling.signal)
    await run.next()
    measuring.close()
    await expect(
      (async () => {
        for (;;) if ((await run.next()).done === true) return
      })(),
    ).rejects.toMatchObject({ code: 'MEASURE_CANCELLED' })
    expect(await filesLeft()).toEqual([])
  })

  it('runs alone: a second one is refused while it runs', async () => {
    const first = measuring.run(jobOf())
    await first.next()
    await expect(measuring.run(jobOf()).next()).rejects.toMatchObject({ code: 'MEASURE_BUSY' })
    await first.return(undefined as never)
  })

  it('refuses what would fill the memory, and says what to do', async () => {
    const big = testRequest(shippedCatalogue, 'meta-llama/Llama-3.1-405B-Instruct')
    const preview = await measuring.preview(jobOf({ request: big, method: 'full' }))
    expect(preview.refusal).toMatchObject({ canForce: false, nextStep: expect.any(String) as string })
    await expect(
      measuring.run(jobOf({ request: big, method: 'full', force: true })).next(),
    ).rejects.toMatchObject({
      code: 'MEASURE_REFUSED',
    })
  })

  it('says that memory ran out when llama.cpp cannot get it', async () => {
    const file = path.join(userFolder, 'small.gguf')
    const { model, quantization } = request()
    await writeModelFile({ model, quantization, path: file, fill: 'sparse' })
    const engine = startEngineProcess(engineWorkerFile(root))
    // A cache of 46 GB in one piece: more than the tests' machines have.
    const context = {
      contextTokens: 8192,
      sequences: 256,
      kvType: 'f16',
      flashAttention: true,
      steps: [],
    } as const
    const load = { path: file, backend: 'cpu', gpuLayers: 0, threads: 1 } as const
    await expect(
      engine.run(
        { kind: 'run', load, contexts: [context], tokens: { first: 260, count: 8 } },
        { patienceSeconds: 60 },
      ),
    ).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' })
    engine.stop()
  })

  it('leaves nothing after the next start when the host was killed in the middle', async () => {
    const script = path.join(import.meta.dirname, 'testing', 'measure-until-killed.ts')
    const host = spawn(process.execPath, [script], {
      env: { ...process.env, INHOUSE_DATA_DIR: userFolder, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const text of host.stdout) if (String(text).includes('loading')) break
    host.kill('SIGKILL')
    await new Promise((resolve) => host.once('exit', resolve))
    measuring.close()
    measuring = createMeasuring({ root, userFolder })
    await expect.poll(filesLeft, { timeout: 10_000 }).toEqual([])
  })
})
