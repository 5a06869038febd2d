import { InhouseError } from '#contract/inhouse-error.ts'
import type { InhouseErrorCode } from '#contract/inhouse-error.ts'

/** 1: it failed. 2: the command line, or a file it names, is wrong. Scripts rely on the difference. */
export type FailureCode = 1 | 2

const USAGE_CODES: ReadonlySet<InhouseErrorCode> = new Set([
  'BAD_USAGE',
  'UNKNOWN_MODEL',
  'UNKNOWN_ACCELERATOR',
  'UNKNOWN_QUANTIZATION',
  'MACHINE_FILE_INVALID',
])

/** The user asked for something that cannot be: what is wrong, and how to ask for it. */
export function usageError(message: string, nextStep: string): InhouseError {
  return new InhouseError({ code: 'BAD_USAGE', message, nextStep })
}

/** Exit code an error ends the process with. */
export function failureCode(error: unknown): FailureCode {
  return error instanceof InhouseError && USAGE_CODES.has(error.code) ? 2 : 1
}
