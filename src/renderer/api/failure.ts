import type { InhouseErrorCode } from '#contract/inhouse-error.ts'

/** A failure as a page shows it: what happened, what to do next, and the technical part one click away. */
export interface Failure {
  /** `gone`: nobody answers; `refused`: this page may not ask; `failed`: the backend said what went wrong. */
  readonly kind: 'gone' | 'refused' | 'failed'
  readonly message: string
  readonly nextStep: string | null
  readonly technical: string
}

const REFUSED_STATUSES: readonly unknown[] = [401, 403]

/** Turns whatever a call threw into a `Failure`. */
export function toFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  const technical = error instanceof Error && error.stack !== undefined ? error.stack : message
  const status = statusOf(error)
  const nextStep = nextStepOf(error)
  // The backend may itself have been refused, by a hub or a server: then it says what to do.
  if (REFUSED_STATUSES.includes(status) && nextStep === null) {
    return { kind: 'refused', message, nextStep, technical }
  }
  if (typeof status === 'number') return { kind: 'failed', message, nextStep, technical }
  return { kind: 'gone', message, nextStep: null, technical }
}

/** Every answer of the backend that is not an answer has a status; a call that reached nobody has none. */
function statusOf(error: unknown): unknown {
  return field(error, 'status')
}

/** Whether a call ended in this code of the backend. */
export function isFailureCode(error: unknown, code: InhouseErrorCode): boolean {
  return field(error, 'code') === code
}

function nextStepOf(error: unknown): string | null {
  const nextStep = field(field(error, 'data'), 'nextStep')
  return typeof nextStep === 'string' ? nextStep : null
}

function field(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null
    ? (holder as Readonly<Record<string, unknown>>)[name]
    : undefined
}
