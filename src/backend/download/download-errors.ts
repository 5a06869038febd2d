import type { KeptDownload } from '#backend/download/kept-downloads.ts'
import { RemoteFault } from '#backend/download/remote-fault.ts'
import type { RepositoryListing } from '#backend/download/repository-listing.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** What a download ended by. */
export function failureOf(error: unknown): InhouseError {
  if (error instanceof InhouseError) return error
  if (error instanceof RemoteFault) return error.failure
  return new InhouseError({
    code: 'UNEXPECTED',
    message: `The download failed: ${error instanceof Error ? error.message : String(error)}.`,
    nextStep: 'Try again, and report it if that does not help.',
    cause: error,
  })
}

/** A license that asks more than to be named. */
export function licenseNotAccepted({
  gated,
  license,
  licenseUrl,
  repository,
}: RepositoryListing): InhouseError {
  return new InhouseError({
    code: 'LICENSE_NOT_ACCEPTED',
    message: `${repository} has a license that must be accepted first${license === null ? '' : `: ${license}`}.`,
    nextStep: `Read it at ${licenseUrl}${gated ? ', ask for access there,' : ''} and say that you accept it (on the command line: --accept-license).`,
  })
}

/** Two revisions would be written into one file. */
export function otherRevision({ wish }: KeptDownload): InhouseError {
  return new InhouseError({
    code: 'BAD_USAGE',
    message: `${wish.file} is being downloaded already, of revision ${wish.revision ?? 'main'}.`,
    nextStep: 'Cancel that one first.',
  })
}

/** An id of another start, or of one that was removed. */
export function unknownDownload(): InhouseError {
  return new InhouseError({
    code: 'UNKNOWN_DOWNLOAD',
    message: 'There is no such download.',
    nextStep: 'It may have been removed in another window: look at the list again.',
  })
}

/** What `run` ends by when somebody else cancels. */
export function cancelled({ wish }: KeptDownload): InhouseError {
  return new InhouseError({
    code: 'DOWNLOAD_CANCELLED',
    message: `The download of ${wish.file} was cancelled; what was fetched of it is removed.`,
    nextStep: 'Start it again if you want it after all.',
  })
}
