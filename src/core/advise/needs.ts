/** What a model can be wanted for, in the order every face offers it. */
export const USE_CASES = ['chat', 'code', 'reasoning', 'documents', 'vision', 'embedding'] as const
/** One of {@link USE_CASES}. */
export type UseCase = (typeof USE_CASES)[number]

/** What the license must allow, in the order every face offers it: `any` asks no question, `commercial` a product. */
export const LICENSE_NEEDS = ['any', 'commercial', 'permissive'] as const
/** One of {@link LICENSE_NEEDS}. */
export type LicenseNeed = (typeof LICENSE_NEEDS)[number]

/** What the team wants; one set of inputs, obeyed by every page and command. */
export interface Needs {
  readonly useCase: UseCase
  /** Context per user, in tokens. */
  readonly contextTokens: number
  readonly users: number
  /** Least decode speed per user that is acceptable, tokens per second. */
  readonly minTokensPerSecond: number
  readonly license: LicenseNeed
  /** Largest file to download; null: the free disk decides. */
  readonly maxFileBytes: number | null
  /** Rank models whose better successor of the same size and license exists. */
  readonly includeSuperseded: boolean
  /** The user accepts to use the memory reserve, knowing the risk. */
  readonly useReserve: boolean
}

/** Defaults of every face. 8k context and one user suit a first look; 5 tok/s is the slowest that reads as "answers". */
export const DEFAULT_NEEDS: Needs = {
  useCase: 'chat',
  contextTokens: 8192,
  users: 1,
  minTokensPerSecond: 5,
  license: 'any',
  maxFileBytes: null,
  includeSuperseded: false,
  useReserve: false,
}
