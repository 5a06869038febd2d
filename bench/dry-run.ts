import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import type { RunResult } from '#backend/llama/engine-job.ts'
import { startEngineProcess } from '#backend/llama/engine-process.ts'
import { engineWorkerFile } from '#backend/llama/engine-worker-file.ts'
import { loadOptionsOf } from '#backend/llama/load-options.ts'
import { createMeasuring } from '#backend/llama/measuring.ts'
import { scanMachine } from '#backend/probe/probe.ts'
import { appFolders } from '#backend/store/app-folders.ts'
import { deviceComputeBytes } from '#core/footprint/compute-buffers.ts'
import type { Machine } from '#core/machine/machine.ts'
import { calibrateSpeedModel } from '#core/measure/calibrate-speed-model.ts'
import { warmUpRepetitions, type DryRunStep } from '#core/measure/dry-run-plan.ts'
import type { MachineSpeed, Measurement } from '#core/measure/measurement.ts'
import { quantile } from '#core/measure/quantile.ts'
import { planNumbers } from '#core/plan/plan-numbers.ts'
import { workingLoads } from '#core/plan/plan-numbers.ts'
import { loadBytes, repackedBytes } from '#core/placement/layout.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'
import { shippedCatalogue } from '../test/shipped-catalogue.ts'
import { median } from './median.ts'

/** Fourteen models of eleven architectures, 0.1 to 8 billion parameters: dense, windowed, hybrid, mixtures. */
const MODELS = [
  'HuggingFaceTB/SmolLM2-135M-Instruct',
  'google/gemma-3-270m-it',
  'bigscience/bloom-560m',
  'Qwen/Qwen3-0.6B',
  'meta-llama/Llama-3.2-1B-Instruct',
  'LiquidAI/LFM2-1.2B',
  'LGAI-EXAONE/EXAONE-4.0-1.2B',
  'Qwen/Qwen2.5-1.5B-Instruct',
  'google/gemma-2-2b-it',
  'ibm-granite/granite-3.3-2b-instruct',
  'microsoft/Phi-4-mini-instruct',
  'ibm-granite/granite-4.0-h-tiny',
  'LiquidAI/LFM2-8B-A1B',
  'meta-llama/Llama-3.1-8B-Instruct',
]
const CONTEXT_TOKENS = 1024
const WORDS = { first: 260, count: 256 }

interface Row {
  readonly request: PlanRequest
  readonly quick: Measurement
  /** Seconds a token with holes, and with random weights. */
  readonly holes: number
  readonly random: number
  readonly result: RunResult
}

/**
 * What dry runs are worth on this machine: quick against whole, holes against random weights, estimates before and
 * after measurements of other models, and resident memory against its prediction. Some ten minutes; wants a quiet machine.
 */
export async function runDryRunBench(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'inhouse-bench-'))
  try {
    await bench(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function bench(userFolder: string): Promise<void> {
  const { machine } = await scanMachine({
    specs: Promise.resolve(shippedCatalogue.accelerators),
    cacheFolder: null,
  })
  const { root } = appFolders()
  const measuring = createMeasuring({ root, userFolder })
  const speed = await finished(measuring.measureMachine(machine, shippedCatalogue))
  printMachine(speed)
  const rows: Row[] = []
  console.log(
    'model                            quick    whole    random   took   quick/whole  random/whole  others busy',
  )
  for (const id of MODELS) {
    const row = await measureRow(id, machine, { root, userFolder })
    rows.push(row)
    printSpeeds(row)
  }
  measuring.close()
  const off = (values: readonly number[]) =>
    `median ${percent(median(values))}, worst ${percent(Math.max(...values))}`
  console.log(`\nquick against whole: ${off(rows.map((row) => Math.abs(quickSeconds(row) / row.holes - 1)))}`)
  console.log(`holes against random: ${off(rows.map((row) => Math.abs(row.random / row.holes - 1)))}`)
  printCalibration(rows, machine, speed)
  printMemory(rows)
}

async function finished<T>(stream: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const next = await stream.next()
    if (next.done === true) return next.value
  }
}

function requestOf(id: string, machine: Machine): PlanRequest {
  const model = shippedCatalogue.models.find((each) => each.id === id)
  const quantization = shippedCatalogue.quantizations.find((each) => each.id === 'Q4_K_M')
  if (model === undefined || quantization === undefined) throw new Error(`${id} is not in the catalogue`)
  return {
    machine,
    model,
    quantization,
    contextTokens: CONTEXT_TOKENS,
    users: 1,
    kvType: 'f16',
    engine: 'llama.cpp',
    depthTokens: 0,
    backend: 'cpu',
  }
}

async function measureRow(
  id: string,
  machine: Machine,
  folders: { readonly root: string; readonly userFolder: string },
): Promise<Row> {
  const request = requestOf(id, machine)
  const measuring = createMeasuring(folders)
  const quick = await finished(
    measuring.run({ request, catalogue: shippedCatalogue, method: 'quick', streams: [], force: true }),
  )
  measuring.close()
  const holes = await runWhole(request, 'sparse', folders)
  const random = await runWhole(request, 'random', folders)
  return {
    request,
    quick,
    holes: decodeSecondsOf(holes),
    random: decodeSecondsOf(random),
    result: holes,
  }
}

const STEPS: readonly DryRunStep[] = [
  { kind: 'decode', depthTokens: 0, streams: 1, repetitions: 32, expectedSeconds: 10 },
]

async function runWhole(
  request: PlanRequest,
  fill: 'sparse' | 'random',
  { root, userFolder }: { readonly root: string; readonly userFolder: string },
): Promise<RunResult> {
  const file = path.join(userFolder, 'whole.gguf')
  const { model, quantization } = request
  await writeModelFile({ model, quantization, path: file, fill, routedWords: WORDS })
  const engine = startEngineProcess(engineWorkerFile(root))
  try {
    const load = { path: file, ...loadOptionsOf(request, planNumbers(request, shippedCatalogue.speedModel)) }
    const context = {
      contextTokens: CONTEXT_TOKENS,
      sequences: 1,
      kvType: 'f16',
      flashAttention: true,
    } as const
    return await engine.run(
      { kind: 'run', load, contexts: [{ ...context, steps: STEPS }], tokens: WORDS },
      { patienceSeconds: 300 },
    )
  } finally {
    engine.stop()
    await rm(file, { force: true })
  }
}

function decodeSecondsOf({ seconds }: RunResult): number {
  const all = seconds[0]![0]!
  return quantile(all.slice(warmUpRepetitions(all.length)), 0.5)
}

/** Of the quick run: the decoding step from an empty cache. */
function quickSeconds({ quick }: Row): number {
  return (
    1 / quick.decode.find(({ depthTokens, streams }) => depthTokens === 0 && streams === 1)!.tokensPerSecond
  )
}

function printSpeeds(row: Row): void {
  const name = row.request.model.name.slice(0, 30).padEnd(30)
  const rate = (seconds: number) => (1 / seconds).toFixed(2).padStart(8)
  const busy = [row.quick, row.result]
    .map((run) => (run.othersBusyProcessors ?? Number.NaN).toFixed(2))
    .join(' ')
  const ratio = (seconds: number) => (row.holes / seconds).toFixed(3).padStart(12)
  console.log(
    `${name} ${rate(quickSeconds(row))} ${rate(row.holes)} ${rate(row.random)} ${row.quick.tookSeconds.toFixed(1).padStart(6)} ${ratio(quickSeconds(row))} ${ratio(row.random)} ${busy.padStart(12)}`,
  )
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function printMachine({ formats, layerSeconds, cacheBytesPerSecond, tookSeconds }: MachineSpeed): void {
  const gigabytes = (rate: number) => `${(rate / 1e9).toFixed(1)} GB/s`
  for (const format of formats)
    console.log(
      `${format.quantizationId.padEnd(7)} reads ${gigabytes(format.readBytesPerSecond)}, prompts ${(format.prefillFlopsPerSecond / 1e9).toFixed(0)} GFLOPS`,
    )
  const cache = cacheBytesPerSecond === null ? 'not known' : gigabytes(cacheBytesPerSecond)
  console.log(
    `a layer ${(1e6 * layerSeconds).toFixed(0)} µs, cache ${cache}, took ${tookSeconds.toFixed(1)} s\n`,
  )
}

/** Errors of the estimate of every model, before and after one measurement of each other. */
function printCalibration(rows: readonly Row[], machine: Machine, speed: MachineSpeed): void {
  const error = (row: Row, speedModel: SpeedModel) =>
    Math.abs(planNumbers(row.request, speedModel).candidate.seconds / row.holes - 1)
  const before = rows.map((row) => error(row, shippedCatalogue.speedModel))
  const withMachine = calibrateSpeedModel(shippedCatalogue, machine, {
    runs: [],
    machines: [speed],
    smokes: [],
  })
  const ofPairs = (machines: readonly MachineSpeed[]) =>
    rows.flatMap((one) => {
      const speedModel = calibrateSpeedModel(shippedCatalogue, machine, {
        runs: [one.quick],
        machines,
        smokes: [],
      })
      return rows.filter((row) => row !== one).map((row) => error(row, speedModel))
    })
  const ofAllOthers = rows.map((row) => {
    const runs = rows.filter((each) => each !== row).map((each) => each.quick)
    return error(row, calibrateSpeedModel(shippedCatalogue, machine, { runs, machines: [speed], smokes: [] }))
  })
  const show = (name: string, errors: readonly number[]) =>
    console.log(
      `${name.padEnd(48)} median ${percent(median(errors))}, 90th percentile ${percent(quantile(errors, 0.9))}`,
    )
  console.log('\nestimated decode speed against the whole model run:')
  show('closed form alone', before)
  show(
    'with the speed of this machine',
    rows.map((row) => error(row, withMachine)),
  )
  show('one measurement of one other model', ofPairs([]))
  show('the same with the speed of this machine', ofPairs([speed]))
  show('all other models and the speed of this machine', ofAllOthers)
}

function printMemory(rows: readonly Row[]): void {
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(0).padStart(7)
  console.log('\nmemory, MiB                     mapped  weights    own  repacked+cache   resident predicted')
  const errors = rows.map(({ request, result }) => {
    const numbers = planNumbers(request, shippedCatalogue.speedModel)
    const { candidate, terms } = numbers
    const predicted = workingLoads(candidate).reduce((sum, load) => sum + loadBytes(load), 0)
    const weights = candidate.loads.reduce((sum, load) => sum + load.weightsBytes, 0)
    const kept = repackedBytes(terms) + candidate.loads.reduce((sum, load) => sum + load.kvCacheBytes, 0)
    const { architecture } = request.model
    // Only the last token of a prompt asks for logits: their scratch memory is reserved and never touched.
    const untouched =
      terms.cpuComputeBytes -
      deviceComputeBytes(architecture, {
        contextTokens: CONTEXT_TOKENS,
        flashAttention: true,
        kvType: 'f16',
        holdsOutput: false,
        holdsInput: true,
      })
    const mapped = (result.peak.mappedBytes ?? 0) - (result.before.mappedBytes ?? 0)
    const own = (result.peak.anonymousBytes ?? 0) - (result.before.anonymousBytes ?? 0)
    const resident = result.peak.residentBytes
    console.log(
      `${request.model.name.slice(0, 30).padEnd(30)} ${mib(mapped)} ${mib(weights)} ${mib(own)} ${mib(kept)} ${mib(resident)} ${mib(predicted)}`,
    )
    return {
      resident: Math.abs(predicted / resident - 1),
      touched: Math.abs((predicted - untouched) / resident - 1),
      mapped: Math.abs(weights / mapped - 1),
    }
  })
  const show = (name: string, values: readonly number[]) =>
    console.log(`${name}: median ${percent(median(values))}, worst ${percent(Math.max(...values))}`)
  show(
    'resident memory, predicted against measured',
    errors.map(({ resident }) => resident),
  )
  show(
    'the same without logits that nobody asked for',
    errors.map(({ touched }) => touched),
  )
  show(
    'mapped part, weights against pages of the file',
    errors.map(({ mapped }) => mapped),
  )
}
