import type { IncomingHttpHeaders } from 'node:http'
import { FileChanged, lastingFault, passingFault, RemoteFault } from '#backend/download/remote-fault.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Codes of certificates nobody vouches for: OpenSSL's names, as Node gives them. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/

/** A connection that was not made, or broke. Only the code is quoted: messages may hold the proxy's password. */
export function lostConnection(error: unknown, url: URL, unusedProxy: string | null): Error {
  if (error instanceof RemoteFault) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
  if (CERTIFICATE.test(code)) {
    return lastingFault(
      'NETWORK_FAILED',
      `The certificate of ${url.host} is not trusted (${code}).`,
      'If your network has its own certificate authority, name its file in NODE_EXTRA_CA_CERTS; otherwise this is not the server you want.',
    )
  }
  return passingFault(
    'NETWORK_FAILED',
    `The connection to ${url.host} failed (${code}).`,
    unusedProxy ??
      'Check the network, the proxy and the mirror of the settings, and go on: what was fetched is kept.',
  )
}

/** Nothing, or hardly anything, has come for too long. */
export function stalled(url: URL, seconds: number): RemoteFault {
  return passingFault(
    'NETWORK_FAILED',
    `${url.host} has sent nothing for ${seconds} s.`,
    'Go on later, or use a mirror: what was fetched is kept.',
  )
}

/** An answer that is no file. */
export interface RefusedAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly url: URL
  /** It came from the hub itself, not from where it sends to. */
  readonly isHub: boolean
  readonly withToken: boolean
}

/** What the status of an answer means. */
export function refusedAnswer(answer: RefusedAnswer): Error {
  const { isHub, status, url } = answer
  if (status === 416) return new FileChanged(`${url.host} has no such part of the file.`)
  if (status === 429) return rateLimited(answer)
  if ((status === 401 || status === 403) && isHub) return accessDenied(answer)
  if ((status === 404 || status === 410) && isHub) {
    return lastingFault(
      'REMOTE_NOT_FOUND',
      `${url.host} has no such repository or file (status ${status}).`,
      'Check the name as it stands on the page of the repository: org/name/file.gguf',
    )
  }
  // Where the hub sends to, addresses expire: asking the hub again gives a new one.
  const mayPass = status >= 500 || status === 408 || !isHub
  const parts = {
    message: `${url.host} answered with status ${status}.`,
    nextStep: 'Try again later: what was fetched is kept.',
  }
  const waitSeconds = retryAfterSeconds(answer.headers['retry-after'])
  return new RemoteFault(new InhouseError({ code: 'SERVER_REFUSED', ...parts }), {
    canRetry: mayPass,
    waitSeconds,
  })
}

function accessDenied({ status, url, withToken }: RefusedAnswer): RemoteFault {
  const [, owner = '', name = ''] = url.pathname.replace(/^\/api\/models\//, '/').split('/')
  return lastingFault(
    'ACCESS_DENIED',
    withToken
      ? `${url.host} does not let this token in (status ${status}).`
      : `${url.host} lets nobody in without a token (status ${status}), or there is no such repository.`,
    `Check the name; accept the license on ${url.origin}/${owner}/${name} and use a token of that account: in the settings, or as HF_TOKEN. A token is sent over https only.`,
  )
}

function rateLimited({ headers, url }: RefusedAnswer): RemoteFault {
  const waitSeconds = retryAfterSeconds(headers['retry-after'])
  const when = waitSeconds === null ? 'later' : `in ${waitText(waitSeconds)}`
  const failure = new InhouseError({
    code: 'RATE_LIMITED',
    message: `${url.host} wants fewer requests (status 429).`,
    nextStep: `Go on ${when}; with a token (HF_TOKEN) the hub allows more. What was fetched is kept.`,
  })
  return new RemoteFault(failure, { canRetry: true, waitSeconds })
}

function waitText(seconds: number): string {
  return seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfterSeconds(header: string | undefined): number | null {
  if (header === undefined) return null
  if (/^\d{1,9}$/.test(header)) return Number(header)
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, (date - Date.now()) / 1000)
}
