/** What a dry run is made of: plain data that says which files are written and what is timed in each. */
export interface DryRunPlan {
  readonly files: readonly DryRunFile[]
  /** Wall time of everything, from the estimate. */
  readonly expectedSeconds: number
  /** RAM and accelerator memory at its fullest. */
  readonly memoryBytes: number
  /** Apparent size of the largest file. */
  readonly fileBytes: number
}

/** A file and what runs on it. */
export interface DryRunFile {
  /** `model`: layers of the model itself. `attention`: a stand-in with its attention and nothing else. */
  readonly of: 'model' | 'attention'
  /** Layers of the model that are kept; null: all. */
  readonly layers: readonly number[] | null
  readonly loadSeconds: number
  readonly contexts: readonly DryRunContext[]
}

/** One context and the steps in it, in order. */
export interface DryRunContext {
  /** Of each sequence. */
  readonly contextTokens: number
  readonly sequences: number
  readonly steps: readonly DryRunStep[]
}

/** One thing to time; every repetition is one duration. */
export type DryRunStep =
  /** A prompt from an empty cache, all at once. */
  | {
      readonly kind: 'prefill'
      readonly promptTokens: number
      readonly repetitions: number
      /** Of all repetitions together. */
      readonly expectedSeconds: number
    }
  /** One token for each of `streams` sequences whose caches hold `depthTokens`; filling them is not timed. */
  | {
      readonly kind: 'decode'
      readonly depthTokens: number
      readonly streams: number
      readonly repetitions: number
      /** Of filling and all repetitions together. */
      readonly expectedSeconds: number
    }

/**
 * First repetitions of a step that do not count: the first touches memory nobody has touched, the second finds the
 * processor's caches as the first left them.
 */
export function warmUpRepetitions(repetitions: number): number {
  return repetitions > 4 ? 2 : repetitions > 1 ? 1 : 0
}
