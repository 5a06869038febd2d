import type { EngineBuffer, MeasuredEngine, MeasuredSpeed } from '#core/measure/measurement.ts'
import type { RunMemory } from '#core/chat/generation.ts'

/** The checks of a smoke test, in their order. */
export const SMOKE_CHECKS = [
  'answers',
  'stops',
  'follows-format',
  'valid-json',
  'arithmetic',
  'needle',
  'no-repetition',
  'deterministic',
  'unicode',
] as const
/** One of {@link SMOKE_CHECKS}. */
export type SmokeCheckId = (typeof SMOKE_CHECKS)[number]

/** How one check came out. */
export interface SmokeCheckResult {
  readonly id: SmokeCheckId
  /** `not-asked`: it says nothing about this model or engine, `why` tells the reason. */
  readonly outcome: 'passed' | 'failed' | 'not-asked'
  /** One sentence: what was expected and what came. */
  readonly why: string
  /** What was said, in order. */
  readonly transcript: readonly SmokeLine[]
  readonly tookSeconds: number
}

/** One line of a transcript. */
export interface SmokeLine {
  readonly role: 'system' | 'user' | 'assistant'
  readonly text: string
}

/** As llama-bench's pp512 and tg128: a prompt from an empty cache, and tokens after an empty prompt. */
export interface SmokeBench {
  readonly prefill: MeasuredSpeed & { readonly promptTokens: number }
  readonly decode: MeasuredSpeed & { readonly generatedTokens: number }
}

/** What was tested. */
export interface SmokeSubject {
  /** "Qwen3 8B Q4_K_M", "the pilot", "gpt-5 at api.openai.com". */
  readonly name: string
  readonly kind: 'pilot' | 'file' | 'endpoint'
  /** Of a file: its name without folders. */
  readonly fileName: string | null
  readonly fileBytes: number | null
  /** Of the catalogue model it is or has the shape of; null where none is known. */
  readonly modelId: string | null
  readonly quantizationId: string | null
  /** LoRA adapters that were applied: file names without folders. */
  readonly adapters: readonly { readonly fileName: string; readonly scale: number }[]
}

/** One smoke test, as kept and exchanged. */
export interface SmokeRecord {
  readonly schema: 'inhouse/smoke-test/1'
  readonly id: string
  /** ISO time. */
  readonly measuredAt: string
  /** `machineFingerprint` of the machine that ran it, or asked the endpoint. */
  readonly machine: string
  readonly machineName: string
  readonly subject: SmokeSubject
  /** Null of endpoints. */
  readonly engine: MeasuredEngine | null
  readonly contextTokens: number | null
  readonly gpuLayers: number | null
  readonly passed: boolean
  readonly checks: readonly SmokeCheckResult[]
  /** Null of endpoints. */
  readonly bench: SmokeBench | null
  readonly memory: RunMemory | null
  readonly buffers: readonly EngineBuffer[]
  readonly othersBusyProcessors: number | null
  readonly tookSeconds: number
}
