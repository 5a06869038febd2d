import { ORPCError } from '@orpc/server'
import { wireErrors } from '#contract/contract.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/**
 * A failure as it crosses to a face: a declared code, the sentence and the next step. A foreign error is a defect of ours:
 * its details stay here (in the terminal or the log), the face gets a sentence.
 */
export function wireError(error: unknown): ORPCError<string, { readonly nextStep: string }> {
  if (error instanceof InhouseError && isWireCode(error.code)) {
    return declared(error.code, error.message, error.nextStep, error)
  }
  // Somebody left before the answer: nothing failed, and nobody is there to read it.
  if (!isAbort(error)) console.error(error)
  return declared(
    'UNEXPECTED',
    error instanceof InhouseError ? error.message : 'Inhouse met a fault of its own.',
    error instanceof InhouseError
      ? error.nextStep
      : 'Try again; if it happens again, run "inhouse doctor" and report what it prints.',
    error,
  )
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

function declared(code: WireCode, message: string, nextStep: string, cause: unknown) {
  return new ORPCError(code, {
    defined: true,
    status: wireErrors[code].status,
    message,
    data: { nextStep },
    cause,
  })
}

type WireCode = keyof typeof wireErrors

function isWireCode(code: string): code is WireCode {
  return Object.hasOwn(wireErrors, code)
}
