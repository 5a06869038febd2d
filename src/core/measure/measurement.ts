import type { Backend } from '#core/machine/machine.ts'
import type { PlacementMode } from '#core/plan/plan.ts'
import type { KvType } from '#core/quant/quantization.ts'
import type { SmokeRecord } from '#core/smoke/smoke-record.ts'

/** What ran: a measurement of another engine version may differ. */
export interface MeasuredEngine {
  readonly name: 'llama.cpp'
  /** Release of llama.cpp, "v0.5.0"; null where it was not told. */
  readonly release: string | null
  readonly nodeLlamaCpp: string
  readonly backend: Backend
  readonly threads: number
}

/** How a dry run goes. */
export type DryRunMethod =
  /** Sparse file; two shallow depths, extrapolated to all layers, or all of them where that is as quick. */
  | 'quick'
  /** Sparse file, all layers. */
  | 'full'

/** How it was measured: by a dry run, or `real`: with the model's own weights, in its smoke test. */
export type MeasuringMethod = DryRunMethod | 'real'

/** The plan that ran, by the identifiers of the catalogue. */
export interface MeasuredPlan {
  readonly modelId: string
  readonly quantizationId: string
  /** Context per user, in tokens. */
  readonly contextTokens: number
  readonly users: number
  readonly kvType: KvType
  readonly flashAttention: boolean
  readonly mode: PlacementMode
  readonly gpuLayers: number
}

/** Speeds of repeated runs: the median and the 10th and 90th percentile of single repetitions. */
export interface MeasuredSpeed {
  readonly tokensPerSecond: number
  readonly lowTokensPerSecond: number
  readonly highTokensPerSecond: number
  readonly repetitions: number
}

/** Decoding: each of `streams` sequences gets one token a step; the speed is of one stream. */
export interface DecodeSpeed extends MeasuredSpeed {
  /** Tokens in the cache of each sequence. */
  readonly depthTokens: number
  readonly streams: number
}

/** Processing a prompt from an empty cache. */
export interface PrefillSpeed extends MeasuredSpeed {
  readonly promptTokens: number
}

/** One buffer the engine said it allocated. */
export interface EngineBuffer {
  /** llama.cpp's name of the place: `CPU_Mapped`, `CPU_REPACK`, `CUDA0`, … */
  readonly place: string
  readonly use: 'weights' | 'kvCache' | 'state' | 'compute' | 'output'
  readonly bytes: number
}

/** Memory of the process that ran the plan; of a quick measurement nothing, because it seldom loads the whole model with the plan's context. */
export interface MeasuredMemory {
  /** All the process held in RAM at its fullest. */
  readonly residentBytes: number
  /** Part of it that is pages of the model file; null where the system does not tell. */
  readonly mappedBytes: number | null
  /** Part of it that is the process's own: repacked weights, cache, buffers; null where the system does not tell. */
  readonly anonymousBytes: number | null
  /** What the process held before the model was loaded; null where it was not looked up. */
  readonly baselineBytes: number | null
  /** Of all accelerators together, beyond what was in use before; null without. */
  readonly acceleratorBytes: number | null
  readonly buffers: readonly EngineBuffer[]
}

/** One measured plan, as kept and as exchanged: one line of a measurements file. */
export interface Measurement {
  readonly schema: 'inhouse/measurement/1'
  /** Never reused; a measurement imported twice is one. */
  readonly id: string
  /** ISO time. */
  readonly measuredAt: string
  /** `machineFingerprint` of the machine that ran it. */
  readonly machine: string
  /** That machine in one line, for people. */
  readonly machineName: string
  readonly engine: MeasuredEngine
  readonly method: MeasuringMethod
  readonly plan: MeasuredPlan
  readonly decode: readonly DecodeSpeed[]
  readonly prefill: readonly PrefillSpeed[]
  readonly memory: MeasuredMemory | null
  /** Processors that other programs kept busy meanwhile, on average; null where the system does not tell. */
  readonly othersBusyProcessors: number | null
  /** Wall time of all of it, in seconds. */
  readonly tookSeconds: number
}

/** How fast this machine reads and computes, from dry runs of small shapes; kept like a measurement. */
export interface MachineSpeed {
  readonly schema: 'inhouse/machine-speed/1'
  readonly id: string
  readonly measuredAt: string
  readonly machine: string
  readonly machineName: string
  readonly engine: MeasuredEngine
  /** By format of the weights. */
  readonly formats: readonly MachineFormatSpeed[]
  /** Bytes of f16 cache a second that attention reads while decoding. */
  readonly cacheBytesPerSecond: number | null
  /** Fixed time a layer takes, whatever its width. */
  readonly layerSeconds: number
  /** Processors that other programs kept busy meanwhile, on average; null where the system does not tell. */
  readonly othersBusyProcessors: number | null
  readonly tookSeconds: number
}

/** What one format reaches on this machine. */
export interface MachineFormatSpeed {
  readonly quantizationId: string
  /** Weight bytes a second that decoding reads. */
  readonly readBytesPerSecond: number
  readonly lowReadBytesPerSecond: number
  readonly highReadBytesPerSecond: number
  /** Multiplications and additions a second on prompts. */
  readonly prefillFlopsPerSecond: number
}

/** What has been measured, of every machine: kept ones and imported ones. */
export interface Measurements {
  readonly runs: readonly Measurement[]
  readonly machines: readonly MachineSpeed[]
  readonly smokes: readonly SmokeRecord[]
}
