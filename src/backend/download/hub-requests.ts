import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { once } from 'node:events'
import type { DownloadLimits } from '#backend/download/limits.ts'
import { lostConnection, refusedAnswer, stalled } from '#backend/download/network-faults.ts'
import { openAgents, type Agents } from '#backend/download/proxy-agents.ts'
import { isOwnOrigin, redirectTarget, tokenFor } from '#backend/download/redirects.ts'
import { lastingFault } from '#backend/download/remote-fault.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Whom to ask, and as whom. */
export interface HubAccess {
  /** Of the hub or its mirror, without a slash at the end. */
  readonly address: URL
  readonly proxy: string | null
  readonly token: string | null
}

/** An answer whose status is 200 or 206. */
export interface HubAnswer {
  readonly status: 200 | 206
  readonly headers: http.IncomingHttpHeaders
  readonly body: IncomingMessage
  /** What the server names this version of the file by; null where it names none. */
  readonly tag: string | null
}

/** What is asked for; `end` is the first byte no longer wanted. */
export interface HubQuestion {
  readonly range?: { readonly start: number; readonly end: number }
  readonly signal: AbortSignal
}

/** The connections to one hub. Every failure is thrown as a `RemoteFault`. */
export interface HubRequests {
  readonly address: URL
  get(url: URL, question: HubQuestion): Promise<HubAnswer>
  close(): void
}

const MOST_REDIRECTS = 10
/** A redirect's body of this size is read so that its connection can be used again. */
const SMALL_BODY_BYTES = 16 * 1024

/**
 * Opens connections to a hub. The token goes to the hub's own origin only, and never over a line that others can read;
 * redirects are followed by hand for that, and never from https to http.
 */
export function openHub(
  access: HubAccess,
  {
    environment = process.env,
    limits,
  }: { readonly environment?: NodeJS.ProcessEnv; readonly limits: DownloadLimits },
): HubRequests {
  checkToken(access)
  const agents = openAgents(access.proxy, environment)
  return {
    address: access.address,
    get: (url, question) => getFollowing(url, question, { access, agents, limits }),
    close: () => agents.close(),
  }
}

interface Connecting {
  readonly access: HubAccess
  readonly agents: Agents
  readonly limits: DownloadLimits
}

async function getFollowing(first: URL, question: HubQuestion, connecting: Connecting): Promise<HubAnswer> {
  let url = first
  let linkedTag: string | null = null
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const body = await getOnce(url, question, connecting)
    const { headers, statusCode: status = 0 } = body
    // The hub names the file by its checksum when it sends to its store, which names it in its own way.
    linkedTag ??= tagOf(headers['x-linked-etag'])
    if (status === 200 || status === 206) {
      checkEncoding(body, url)
      return { status, headers, body, tag: linkedTag ?? tagOf(headers.etag) }
    }
    endBody(body)
    const isHub = isOwnOrigin(url, connecting.access)
    const target = status >= 300 && status < 400 ? redirectTarget(headers.location, url) : null
    if (target === null) {
      throw refusedAnswer({
        status,
        headers,
        url,
        isHub,
        withToken: tokenFor(url, connecting.access) !== null,
      })
    }
    url = target
  }
  throw lastingFault(
    'SERVER_REFUSED',
    `${first.host} redirects in a circle.`,
    'Try again later; if you use a mirror, check its address in the settings.',
  )
}

async function getOnce(
  url: URL,
  { range, signal }: HubQuestion,
  connecting: Connecting,
): Promise<IncomingMessage> {
  const { access, agents, limits } = connecting
  signal.throwIfAborted()
  const token = tokenFor(url, access)
  const options = {
    signal,
    headers: {
      'user-agent': 'inhouse',
      // Packed, neither length nor ranges would be the file's.
      'accept-encoding': 'identity',
      ...(range === undefined ? {} : { range: `bytes=${range.start}-${range.end - 1}` }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
  }
  const request =
    url.protocol === 'https:'
      ? https.get(url, { ...options, agent: agents.https })
      : http.get(url, { ...options, agent: agents.http })
  watchForStalls(request, url, limits)
  // After the answer has come, its body says what goes wrong.
  request.on('error', () => undefined)
  try {
    const [body] = (await once(request, 'response', { signal })) as [IncomingMessage]
    return body
  } catch (error) {
    request.destroy()
    signal.throwIfAborted()
    throw lostConnection(error, url, agents.unusedProxy)
  }
}

/** Looks at the socket, so that a server that drips is noticed as one that says nothing. */
function watchForStalls(
  request: ClientRequest,
  url: URL,
  { stallBytes, stallSeconds }: DownloadLimits,
): void {
  let readBefore = 0
  let body: IncomingMessage | null = null
  const timer = setInterval(() => {
    const read = request.socket?.bytesRead ?? 0
    if (read - readBefore < stallBytes) (body ?? request).destroy(stalled(url, stallSeconds))
    readBefore = read
  }, stallSeconds * 1000)
  timer.unref()
  request.once('socket', (socket) => (readBefore = socket.bytesRead))
  request.once('response', (response) => (body = response))
  request.once('close', () => clearInterval(timer))
}

/** Node refuses such a header too, but says nothing a user could do about it. */
function checkToken({ token }: HubAccess): void {
  if (token === null || /^[\u0021-\u007e]+$/.test(token)) return
  throw new InhouseError({
    code: 'ACCESS_DENIED',
    message: 'The token of the hub has characters in it that no token has.',
    nextStep: 'Copy it again, in the settings or into HF_TOKEN.',
  })
}

function tagOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && header !== '' && header.length <= 1000
    ? header.replace(/^W\//, '').replaceAll('"', '')
    : null
}

function checkEncoding(body: IncomingMessage, url: URL): void {
  const encoding = body.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity' || encoding === '') return
  body.destroy()
  throw lastingFault(
    'SERVER_REFUSED',
    `${url.host} sends the file packed, although it was asked not to.`,
    'A proxy or a mirror on the way may do that: try without it, or another one.',
  )
}

function endBody(body: IncomingMessage): void {
  body.on('error', () => undefined)
  if (Number(body.headers['content-length'] ?? Number.NaN) <= SMALL_BODY_BYTES) body.resume()
  else body.destroy()
}
