import type { Adapter, ChatUpdate } from '#contract/chatting.ts'
import type { ChatSettings } from '#core/chat/chat-settings.ts'
import type { Generation, RunMemory } from '#core/chat/generation.ts'
import type { SmokeBench } from '#core/smoke/smoke-record.ts'
import type { Backend } from '#core/machine/machine.ts'
import type { DryRunStep } from '#core/measure/dry-run-plan.ts'
import type { EngineBuffer } from '#core/measure/measurement.ts'
import type { KvType } from '#core/quant/quantization.ts'

/** Work for the process that runs llama.cpp; plain data, because it crosses a process border. */
export type EngineJob = SimulateJob | RunJob | OpenJob | ChatJob | BenchJob | RoundTripJob | LeaveJob

/** What a job is answered with, by its kind. */
export interface EngineResults {
  readonly simulate: SimulateResult
  readonly run: RunResult
  readonly open: OpenResult
  readonly chat: ChatResult
  readonly bench: BenchResult
  readonly 'round-trip': string
  readonly leave: null
}

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

/** Loads a model and keeps it; the other jobs of a chat are about it. */
export interface OpenJob {
  readonly kind: 'open'
  /** `auto`: as many layers as fit beside the context. */
  readonly load: Omit<LoadOptions, 'gpuLayers'> & { readonly gpuLayers: number | 'auto' }
  readonly contextTokens: number
  /** In the format of llama.cpp. */
  readonly adapters: readonly Adapter[]
}

/** Answer to an `OpenJob`. */
export interface OpenResult {
  readonly loadSeconds: number
  /** Of each window; a multiple of 256. */
  readonly contextTokens: number
  readonly gpuLayers: number
  /** Repeating layers and the output layer. */
  readonly totalLayers: number
  readonly buffers: readonly EngineBuffer[]
  /** Whether the file brings the format of turns. */
  readonly template: 'file' | 'plain'
  readonly release: string
}

/** Answers the last message of a conversation, in the context of one window. */
export interface ChatJob {
  readonly kind: 'chat'
  readonly window: number
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[]
  readonly settings: ChatSettings
}

/** Answer to a `ChatJob`. */
export interface ChatResult {
  readonly text: string
  readonly thought: string | null
  readonly generation: Omit<Generation, 'model' | 'usd'>
}

/** Times prompts and decoding in the context of one window, as llama-bench does. */
export interface BenchJob {
  readonly kind: 'bench'
  readonly window: number
}

/** Answer to a `BenchJob`. */
export interface BenchResult {
  readonly bench: SmokeBench
  readonly memory: RunMemory
  readonly buffers: readonly EngineBuffer[]
  readonly othersBusyProcessors: number | null
}

/** The text as the tokenizer gives it back. */
export interface RoundTripJob {
  readonly kind: 'round-trip'
  readonly text: string
}

/** A window closed: its context is not needed any more. */
export interface LeaveJob {
  readonly kind: 'leave'
  readonly window: number
}

/** What a running job says of itself, by its kind. */
export interface EngineUpdates {
  readonly simulate: never
  readonly run: RunUpdate
  readonly open: RunUpdate
  readonly chat: ChatUpdate
  readonly bench: BenchUpdate
  readonly 'round-trip': never
  readonly leave: never
}

/** What any running job says of itself. */
export type EngineUpdate = EngineUpdates[EngineJob['kind']]

/** What a `BenchJob` says: the speed of one more repetition. */
export interface BenchUpdate {
  readonly kind: 'bench'
  readonly what: 'prefill' | 'decode'
  readonly tokensPerSecond: number
}

/** What loading and timing say. */
export type RunUpdate =
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
  | { readonly job: number; readonly kind: 'done'; readonly result: EngineResults[EngineJob['kind']] }
  | { readonly job: number; readonly kind: 'failed'; readonly failure: EngineFailure }
  /** The event loop of the worker turns; with the memory it holds while a model is open. */
  | { readonly job: null; readonly kind: 'alive'; readonly memory: RunMemory | null }

/** Why a job failed, with what llama.cpp logged. */
export interface EngineFailure {
  readonly reason: 'engine-missing' | 'model-rejected' | 'out-of-memory' | 'refused' | 'unexpected'
  readonly message: string
  /** What to do, where only the worker knows. */
  readonly nextStep: string | null
  readonly log: string
}

/** To the worker: work, or the wish that a job ends with what it has. */
export type EngineRequest =
  | { readonly job: number; readonly kind: 'start'; readonly work: EngineJob }
  | { readonly job: number; readonly kind: 'stop' }
