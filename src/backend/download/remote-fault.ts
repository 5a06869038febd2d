import { InhouseError, type InhouseErrorCode } from '#contract/inhouse-error.ts'

/** Something the other side did: what it means for the user, and whether it may pass. */
export class RemoteFault extends Error {
  readonly failure: InhouseError
  readonly canRetry: boolean
  /** As the server asked; null where it did not. */
  readonly waitSeconds: number | null

  constructor(
    failure: InhouseError,
    retry: { readonly canRetry: boolean; readonly waitSeconds?: number | null },
  ) {
    super(failure.message)
    this.failure = failure
    this.canRetry = retry.canRetry
    this.waitSeconds = retry.waitSeconds ?? null
  }
}

/** The server has another file now than the one that was listed; what was fetched of it is worthless. */
export class FileChanged extends Error {}

/** The server sends the whole file whatever range is asked for. */
export class RangesIgnored extends Error {}

/** A fault that may pass. */
export function passingFault(code: InhouseErrorCode, message: string, nextStep: string): RemoteFault {
  return new RemoteFault(new InhouseError({ code, message, nextStep }), { canRetry: true })
}

/** A fault that will be the same at the next try. */
export function lastingFault(code: InhouseErrorCode, message: string, nextStep: string): RemoteFault {
  return new RemoteFault(new InhouseError({ code, message, nextStep }), { canRetry: false })
}
