/** How an answer is chosen, token by token. */
export interface SamplingSettings {
  /** 0: always the most likely token, and so the same answer each time. */
  readonly temperature: number
  /** Share of probability the candidates cover together; 1 is off. */
  readonly topP: number
  /** Candidates kept; 0 is off. */
  readonly topK: number
  /** Least probability of a candidate, as a share of the likeliest one's; 0 is off. */
  readonly minP: number
  /** Above 1: tokens said lately become less likely; 1 is off. */
  readonly repeatPenalty: number
  /** Null: another one each time. */
  readonly seed: number | null
}

/** What goes with a conversation besides its messages. */
export interface ChatSettings {
  /** System prompt; empty: none. */
  readonly system: string
  readonly sampling: SamplingSettings
  /** Null: until the model ends its turn or the context is full. */
  readonly maxTokens: number | null
  /** JSON schema that the answer must follow, as text; null: free text. */
  readonly jsonSchema: string | null
}

/** llama.cpp's own defaults (common/common.h, `common_params_sampling`), without a penalty. */
export const DEFAULT_SAMPLING: SamplingSettings = {
  temperature: 0.8,
  topP: 0.95,
  topK: 40,
  minP: 0.05,
  repeatPenalty: 1,
  seed: null,
}

/** What holds until somebody chooses and a file says nothing else. */
export const DEFAULT_CHAT_SETTINGS: ChatSettings = {
  system: '',
  sampling: DEFAULT_SAMPLING,
  maxTokens: null,
  jsonSchema: null,
}
