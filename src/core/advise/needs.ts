/** What the team wants; one set of inputs, obeyed by every page and command. */
export type UseCase = 'chat' | 'code' | 'reasoning' | 'documents' | 'vision' | 'embedding'

/** `any`: no question asked; `commercial`: the license must allow serving a product. */
export type LicenseNeed = 'any' | 'commercial' | 'permissive'

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
