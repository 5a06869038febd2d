/** Why an answer ended. */
export const STOP_REASONS = ['end-of-turn', 'max-tokens', 'stopped', 'context-full'] as const
/** One of {@link STOP_REASONS}; `stopped`: by the user. */
export type StopReason = (typeof STOP_REASONS)[number]

/** Memory of the process that runs a model, at one moment. */
export interface RunMemory {
  /** In RAM, pages of the model file included. */
  readonly residentBytes: number
  /** On all accelerators together, beyond what was in use before; null without accelerators. */
  readonly acceleratorBytes: number | null
}

/** What one answer took. Null where it cannot be told: endpoints say less than a model of our own. */
export interface Generation {
  /** What answered: "Qwen3 8B Q4_K_M". */
  readonly model: string
  readonly stopReason: StopReason
  /** Tokens of the whole prompt, template and history included. */
  readonly promptTokens: number | null
  /** Of these, still in the cache from the turn before: they cost nothing. */
  readonly reusedTokens: number | null
  /** Tokens of the answer, thoughts included. */
  readonly generatedTokens: number | null
  /** From the request to the first token, without waiting for other windows. */
  readonly timeToFirstTokenSeconds: number | null
  /** Evaluated prompt tokens a second; null where too few were evaluated to time them. */
  readonly prefillTokensPerSecond: number | null
  /** (tokens - 1) / (time of the last - time of the first); null below two tokens. */
  readonly decodeTokensPerSecond: number | null
  /** Tokens in the context after the answer. */
  readonly contextUsedTokens: number | null
  readonly memory: RunMemory | null
  /** What an endpoint charges for it by the prices its user typed; null where none were typed, and for local models. */
  readonly usd: number | null
}
