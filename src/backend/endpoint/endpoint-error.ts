import { shownAddress } from '#backend/endpoint/endpoint-address.ts'
import { serverWords } from '#backend/endpoint/endpoint-words.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** An answer that is none: a status, and what came with it. */
export interface Refusal {
  readonly address: URL
  readonly status: number
  /** Parsed; null where it was no JSON. */
  readonly said: unknown
  readonly retryAfter: string | null
  /** The key that was sent; it is kept out of what is quoted. */
  readonly key: string | null
  /** Of a chat. */
  readonly model: string | null
}

/** A status that is no success, in words. */
export function statusError(refusal: Refusal): InhouseError {
  const { address, key, said, status } = refusal
  const words = serverWords(said, key)
  const quoted = words === null ? '' : ` It says: ${words}`
  const { host } = address
  if (status === 401 || status === 403) return accessDenied(refusal, quoted)
  if (status === 404) return notFound(refusal, quoted)
  if (status === 429) return rateLimited(refusal, quoted)
  if (status >= 300 && status < 400) {
    return new InhouseError({
      code: 'SERVER_REFUSED',
      message: `${shownAddress(address)} sends its callers to another address (status ${status}). Inhouse does not follow, so that no key goes where it does not belong.`,
      nextStep: 'Enter the address at which the server really answers.',
    })
  }
  if (isTooLong(status, said)) {
    return new InhouseError({
      code: 'CHAT_REFUSED',
      message: `The conversation is longer than ${refusal.model ?? 'the model'} at ${host} can hold.${quoted}`,
      nextStep: 'Start a new conversation, allow a shorter answer, or give the server a larger context.',
    })
  }
  if (status === 400 || status === 422) {
    return new InhouseError({
      code: refusal.model === null ? 'SERVER_REFUSED' : 'CHAT_REFUSED',
      message: `${host} refuses this request (status ${status}).${quoted}`,
      nextStep: 'Change what it names, or choose another model.',
    })
  }
  return new InhouseError({
    code: 'SERVER_REFUSED',
    message: `${host} cannot answer (status ${status}).${quoted}`,
    nextStep:
      status >= 500
        ? 'Try again in a moment; if it stays, look into the log of that server.'
        : 'Check the address of the server and its model.',
  })
}

function accessDenied({ address, key, status }: Refusal, quoted: string): InhouseError {
  return new InhouseError({
    code: 'ACCESS_DENIED',
    message:
      key === null
        ? `${address.host} wants a key (status ${status}).${quoted}`
        : `${address.host} does not accept this key (status ${status}).${quoted}`,
    nextStep:
      key === null
        ? 'Give this endpoint its key, or the environment variable that holds it.'
        : 'Check the key, and whether it may use this model.',
  })
}

/** A server that knows its models says which one it misses; anything else there is another address. */
function notFound({ address, model, said }: Refusal, quoted: string): InhouseError {
  const namesModel = model !== null && /model/i.test(JSON.stringify(said) ?? '')
  return new InhouseError({
    code: 'REMOTE_NOT_FOUND',
    message: namesModel
      ? `${address.host} has no model "${model}" (asked at ${shownAddress(address)}).${quoted}`
      : `There is nothing at ${shownAddress(address)}.${quoted}`,
    nextStep: namesModel
      ? 'Choose one of its models, or load this one there.'
      : 'Check the address: it usually ends in /v1.',
  })
}

function rateLimited({ address, retryAfter }: Refusal, quoted: string): InhouseError {
  const seconds = retryAfter === null ? null : waitSeconds(retryAfter)
  return new InhouseError({
    code: 'RATE_LIMITED',
    message: `${address.host} answers no more for now (status 429).${quoted}`,
    nextStep:
      seconds === null
        ? 'Try again later, or check what your account there allows.'
        : `Try again in ${seconds} s, or check what your account there allows.`,
  })
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). */
function waitSeconds(retryAfter: string): number | null {
  const seconds = /^\d{1,7}$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null
}

/** OpenAI: `context_length_exceeded`; llama-server: `exceed_context_size_error`; vLLM and others say it in words. */
function isTooLong(status: number, said: unknown): boolean {
  if (status === 413) return true
  return (
    (status === 400 || status === 422 || status === 500) &&
    /context_length_exceeded|exceed_context_size|maximum context length|context (size|length|window)/i.test(
      JSON.stringify(said) ?? '',
    )
  )
}

/** Something inside an answer that began well. */
export function errorInStream(said: unknown, { address, key, model }: StreamPlace): InhouseError {
  if (isTooLong(400, said)) {
    return statusError({ address, key, model, said, status: 400, retryAfter: null })
  }
  const words = serverWords(said, key)
  return new InhouseError({
    code: 'SERVER_REFUSED',
    message: `${address.host} broke off its answer.${words === null ? '' : ` It says: ${words}`}`,
    nextStep: 'Try again; if it stays, look into the log of that server.',
  })
}

/** Where an answer comes from. */
export type StreamPlace = Pick<Refusal, 'address' | 'key' | 'model'>

/** What came is not what a server of this kind sends. */
export function unexpectedAnswer(address: URL, what: string): InhouseError {
  return new InhouseError({
    code: 'SERVER_REFUSED',
    message: `${shownAddress(address)} answered ${what}.`,
    nextStep:
      'Check the address: it must be the one of an OpenAI-compatible server, and usually ends in /v1.',
  })
}

/** It said nothing for too long. */
export function stalled({ host }: URL, seconds: number): InhouseError {
  return new InhouseError({
    code: 'NETWORK_FAILED',
    message: `${host} has said nothing for ${seconds} s.`,
    nextStep: 'Look whether that server still works, and try again.',
  })
}

/** The connection ended before the answer did. */
export function brokenOff({ host }: URL, cause?: unknown): InhouseError {
  return new InhouseError({
    code: 'NETWORK_FAILED',
    message: `The connection to ${host} ended in the middle of the answer.`,
    nextStep: 'Try again; if it stays, look into the log of that server.',
    cause,
  })
}

/** `fetch` failed before anything came; the reason is in the cause it gives. */
export function networkError({ host, hostname }: URL, error: unknown): InhouseError {
  const code = causeCode(error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new InhouseError({
      code: 'NETWORK_FAILED',
      message: `There is no machine called ${hostname}, or the network is down (${code}).`,
      nextStep: 'Check the address and the connection.',
    })
  }
  if (code?.includes('CERT') === true || code?.includes('SIGNATURE') === true) {
    return new InhouseError({
      code: 'NETWORK_FAILED',
      message: `${host} shows a certificate that this machine does not trust (${code}).`,
      nextStep: 'Give NODE_EXTRA_CA_CERTS the file of its authority, and start Inhouse again.',
    })
  }
  return new InhouseError({
    code: 'NETWORK_FAILED',
    message:
      code === 'ECONNREFUSED'
        ? `No server runs at ${host}.`
        : `${host} cannot be reached (${code ?? 'the connection failed'}).`,
    nextStep: 'Start it (ollama serve, llama-server, vllm serve), or correct the address.',
  })
}

/** Only the code: what else such an error carries may hold what was sent. */
function causeCode(error: unknown): string | null {
  const cause = error instanceof Error ? (error.cause ?? error) : null
  const first = cause instanceof AggregateError ? cause.errors[0] : cause
  if (typeof first !== 'object' || first === null || !('code' in first)) return null
  return typeof first.code === 'string' ? first.code : null
}
