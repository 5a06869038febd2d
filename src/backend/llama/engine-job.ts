import type { Backend } from '#core/machine/machine.ts'
import type { DryRunStep } from '#core/measure/dry-run-plan.ts'
import type { EngineBuffer } from '#core/measure/measurement.ts'
import type { KvType } from '#core/quant/quantization.ts'

/** Work for the process that runs llama.cpp; plain data, because it crosses a process border. */
export type EngineJob = SimulateJob | RunJob

/** How a model is loaded. */
export interface LoadOptions {
  /** The GGUF file. */
  readonly path: string
  readonly backend: Backend
  /** Layers on accelerators, as --n-gpu-layers counts. */
  readonly gpuLayers: number
  /** CPU threads; never more than the physical cores this process may use. */
  readonly threads: number
}

/** What a context is made of. */
export interface ContextOptions {
  /** Tokens of each sequence. */
  readonly contextTokens: number
  readonly sequences: number
  readonly kvType: KvType
  readonly flashAttention: boolean
}

/** Asks llama.cpp's allocator; nothing is allocated. */
export interface SimulateJob {
  readonly kind: 'simulate'
  readonly load: LoadOptions
  readonly context: ContextOptions
}

/** Answer to a `SimulateJob`, in bytes. */
export interface SimulateResult {
  readonly host: { readonly weightsBytes: number; readonly contextBytes: number }
  readonly device: { readonly weightsBytes: number; readonly contextBytes: number }
  readonly release: string
}

/** Loads a file and runs steps in contexts, one after the other. */
export interface RunJob {
  readonly kind: 'run'
  readonly load: LoadOptions
  readonly contexts: readonly RunContext[]
  /** Tokens are taken from this range of the vocabulary, where the file has embeddings. */
  readonly tokens: { readonly first: number; readonly count: number }
}

/** One context and what runs in it. */
export interface RunContext extends ContextOptions {
  readonly steps: readonly DryRunStep[]
}

/** Memory of the worker at one moment; null where the system does not tell. */
export interface ProcessMemory {
  readonly residentBytes: number
  readonly mappedBytes: number | null
  readonly anonymousBytes: number | null
}

/** Answer to a `RunJob`. */
export interface RunResult {
  readonly loadSeconds: number
  readonly buffers: readonly EngineBuffer[]
  readonly before: ProcessMemory
  /** Each value at its own peak. */
  readonly peak: ProcessMemory
  readonly acceleratorBytes: number | null
  /** Processors that other programs kept busy meanwhile, on average; null where the system does not tell. */
  readonly othersBusyProcessors: number | null
  /** Seconds of each repetition, by context and step. */
  readonly seconds: readonly (readonly (readonly number[])[])[]
  readonly release: string
}

/** What a running job says of itself. */
export type EngineUpdate =
  | { readonly kind: 'loading'; readonly fraction: number }
  /** The file is open: where the system allows it, its name can go. */
  | { readonly kind: 'loaded' }
  /** The next step began; silence for long after its expected time means that it hangs. */
  | {
      readonly kind: 'step'
      readonly context: number
      readonly step: number
      readonly expectedSeconds: number
    }
  | {
      readonly kind: 'repetition'
      readonly context: number
      readonly step: number
      readonly seconds: number
      readonly residentBytes: number
    }

/** From the worker, under the number of the job. */
export type EngineMessage =
  | { readonly job: number; readonly kind: 'update'; readonly update: EngineUpdate }
  | { readonly job: number; readonly kind: 'done'; readonly result: SimulateResult | RunResult }
  | { readonly job: number; readonly kind: 'failed'; readonly failure: EngineFailure }
  /** The event loop of the worker turns. */
  | { readonly job: null; readonly kind: 'alive' }

/** Why a job failed, with what llama.cpp logged. */
export interface EngineFailure {
  readonly reason: 'engine-missing' | 'model-rejected' | 'out-of-memory' | 'unexpected'
  readonly message: string
  readonly log: string
}

/** To the worker. */
export interface EngineRequest {
  readonly job: number
  readonly work: EngineJob
}
