/** Published speed measurements as plans of ours: which model, format and device each run was. */
import { readFileSync } from 'node:fs'
import { performanceOf } from '#core/machine/accelerator-performance.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import { findAccelerator } from '#core/machine/find-accelerator.ts'
import type { Accelerator, AcceleratorPerformance, Backend, Machine, Vendor } from '#core/machine/machine.ts'
import { findModel } from '#core/model/find-model.ts'
import type { Model } from '#core/model/model.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import { findQuantization } from '#core/quant/find-quantization.ts'
import type { Engine, Quantization } from '#core/quant/quantization.ts'

/** One line of `fixtures/measured-speeds.jsonl`; absent: not stated. */
export interface MeasuredRun {
  readonly id: string
  readonly device: string
  readonly devices: number
  readonly vendor?: Vendor
  readonly architecture?: string
  readonly gpuCores?: number
  readonly unified?: boolean
  readonly memoryBytes?: number
  readonly bandwidthBytesPerSecond?: number
  /** `platform`: the most the CPU's platform is specified for; the modules of the run are not known. */
  readonly bandwidthBasis?: 'run' | 'platform'
  readonly fp32FlopsPerSecond?: number
  readonly fp16FlopsPerSecond?: number
  readonly cpuCores?: number
  readonly backend: string
  readonly engine: string
  readonly model: string
  readonly quantization: string
  readonly depthTokens: number
  readonly promptTokens?: number
  readonly flashAttention?: boolean
  readonly decodeTokensPerSecond: number
  readonly prefillTokensPerSecond?: number
  readonly source: string
}

/** A run with the plan that answers it. */
export interface ResolvedRun {
  readonly run: MeasuredRun
  readonly request: PlanRequest
  /** LocalScore runs (llamafile 0.9 without flash attention) on accelerators are noisy and kept apart. */
  readonly isLocalScore: boolean
}

export interface ResolvedRuns {
  readonly runs: readonly ResolvedRun[]
  /** Why runs were left out, with how many. */
  readonly leftOut: ReadonlyMap<string, number>
}

function records<T>(file: string): readonly T[] {
  const text = readFileSync(new URL(`../data/${file}`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { records: readonly T[] }).records
}

/** Every measured run as a plan; runs of models or formats the catalogue lacks are counted instead. */
export function resolveRuns(): ResolvedRuns {
  const models = records<Model>('models.json')
  const quantizations = records<Quantization>('quantizations.json')
  const specs = records<AcceleratorSpec>('accelerators.json')
  const lines = readFileSync(new URL('./fixtures/measured-speeds.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  const runs: ResolvedRun[] = []
  const leftOut = new Map<string, number>()
  for (const line of lines) {
    const run = JSON.parse(line) as MeasuredRun
    const model = findModel(run.model, models)
    const quantization = findQuantization(catalogueFormat(run.quantization), quantizations)
    const reason =
      model.kind !== 'found'
        ? `model ${run.model} is not in the catalogue`
        : quantization.kind !== 'found'
          ? `format ${run.quantization} is not in the catalogue`
          : run.backend.includes('/')
            ? `backend ${run.backend} is two`
            : null
    if (reason !== null || model.kind !== 'found' || quantization.kind !== 'found') {
      leftOut.set(reason!, (leftOut.get(reason!) ?? 0) + 1)
      continue
    }
    const request = requestOf(run, model.record, quantization.record, specs)
    runs.push({ run, request, isLocalScore: run.engine === 'llamafile' && run.backend !== 'cpu' })
  }
  return { runs, leftOut }
}

/**
 * The catalogue's format nearest to one of Unsloth's dynamic mixes ("UD-Q4_K_XL"): the same body type, a few tensors
 * wider. "4BIT" and "8BIT" are MLX repositories.
 */
function catalogueFormat(written: string): string {
  const plain = written.replace(/^UD-/, '')
  const mixes: Readonly<Record<string, string>> = {
    Q2_K_XL: 'Q2_K',
    Q3_K_XL: 'Q3_K_L',
    Q4_K_XL: 'Q4_K_M',
    Q5_K_XL: 'Q5_K_M',
    Q6_K_XL: 'Q6_K',
    Q8_K_XL: 'Q8_0',
    '4BIT': 'MLX-4bit',
    '8BIT': 'MLX-8bit',
    INT4: 'AWQ',
  }
  return mixes[plain] ?? plain
}

const ENGINES: Readonly<Record<string, Engine>> = { ollama: 'ollama', mlx: 'mlx', vllm: 'vllm' }
const PLENTY_BYTES = 4e12

function requestOf(
  run: MeasuredRun,
  model: Model,
  quantization: Quantization,
  specs: readonly AcceleratorSpec[],
): PlanRequest {
  const backend = run.backend as Backend
  return {
    machine: machineOf(run, backend, specs),
    model,
    quantization,
    contextTokens: Math.max(512, 2 * run.depthTokens),
    users: 1,
    kvType: 'f16',
    engine: ENGINES[run.engine] ?? 'llama.cpp',
    depthTokens: run.depthTokens,
    gpuLayers: backend === 'cpu' ? 0 : 'auto',
    flashAttention: run.flashAttention ?? true,
    useReserve: true,
  }
}

/** A machine with room for anything, so that only the speed is asked; layers over equal cards take the time of one. */
function machineOf(run: MeasuredRun, backend: Backend, specs: readonly AcceleratorSpec[]): Machine {
  const isCpu = backend === 'cpu'
  return {
    os: { platform: 'linux', name: null, version: null, architecture: 'x64', virtualization: null },
    cpu: {
      name: run.device,
      vendor: null,
      physicalCores: run.cpuCores ?? null,
      logicalCores: null,
      performanceCores: null,
      usableCores: null,
      features: [],
    },
    memory: {
      totalBytes: PLENTY_BYTES,
      freeBytes: PLENTY_BYTES,
      limitBytes: null,
      bandwidthBytesPerSecond: isCpu ? (run.bandwidthBytesPerSecond ?? null) : null,
    },
    accelerators: isCpu ? [] : [acceleratorOf(run, backend, specs)],
    disks: [],
    backends: [backend],
    sources: {},
    warnings: [],
    scannedAt: null,
    asIf: true,
  }
}

/** The device as the accelerator table has it, where it knows exactly one of that name; else by the run's figures. */
function acceleratorOf(run: MeasuredRun, backend: Backend, specs: readonly AcceleratorSpec[]): Accelerator {
  const found = findAccelerator(run.device.replace(/(\d+)c$/, '$1'), specs)
  const spec = found.kind === 'found' ? found.record : null
  const stated = {
    bandwidthBytesPerSecond: run.bandwidthBytesPerSecond ?? null,
    fp32FlopsPerSecond: run.fp32FlopsPerSecond ?? null,
    fp16FlopsPerSecond: run.fp16FlopsPerSecond ?? null,
    architecture: run.architecture ?? null,
    family: null,
    source: run.source,
    asOf: '',
  }
  return {
    name: spec?.name ?? run.device,
    vendor: run.vendor ?? 'other',
    memoryBytes: PLENTY_BYTES,
    freeBytes: PLENTY_BYTES,
    usableBytes: PLENTY_BYTES,
    unified: run.unified ?? false,
    integrated: run.unified ?? false,
    usable: true,
    unusableReason: null,
    backends: [backend],
    pciAddress: null,
    pciId: null,
    driverVersion: null,
    computeCapability: null,
    gfxTarget: null,
    migProfile: null,
    gpuCores: run.gpuCores ?? null,
    specId: spec?.id ?? null,
    performance: mergedPerformance(spec, stated),
    asIf: true,
  }
}

/** The table's figures; where it has none, those stated with the run. */
function mergedPerformance(
  spec: AcceleratorSpec | null,
  stated: AcceleratorPerformance,
): AcceleratorPerformance {
  const table = spec === null ? null : performanceOf([spec])
  if (table === null) return stated
  return {
    ...table,
    bandwidthBytesPerSecond: table.bandwidthBytesPerSecond ?? stated.bandwidthBytesPerSecond,
    fp32FlopsPerSecond: table.fp32FlopsPerSecond ?? stated.fp32FlopsPerSecond,
    fp16FlopsPerSecond: table.fp16FlopsPerSecond ?? stated.fp16FlopsPerSecond,
  }
}

/** Runs a fit can use: LocalScore's are apart, and a CPU without a core count says nothing about cores. */
export function fittedRuns(runs: readonly ResolvedRun[]): readonly ResolvedRun[] {
  return runs.filter(
    ({ run, isLocalScore }) => !isLocalScore && (run.backend !== 'cpu' || run.cpuCores !== undefined),
  )
}

/** The same CPU run as if its memory speed could not be read, which is the usual case on a scanned machine. */
export function withoutBandwidth(resolved: ResolvedRun): ResolvedRun {
  const { request } = resolved
  const memory = { ...request.machine.memory, bandwidthBytesPerSecond: null }
  return { ...resolved, request: { ...request, machine: { ...request.machine, memory } } }
}
