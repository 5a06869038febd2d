import { checkKey, endpointAddress } from '#backend/endpoint/endpoint-address.ts'
import { brokenOff, networkError, stalled } from '#backend/endpoint/endpoint-error.ts'
import type { Endpoint } from '#contract/endpoints.ts'

/** An endpoint, and how to get its key. */
export interface EndpointAccess {
  readonly endpoint: Endpoint
  readonly key: () => Promise<string | null>
}

/** A question to an endpoint. */
export interface EndpointCall extends EndpointAccess {
  readonly path: '/chat/completions' | '/models'
  /** Null: nothing is sent along (GET). */
  readonly body: object | null
  readonly signal: AbortSignal
  /** To the first byte, and between two pieces. */
  readonly patience: { readonly firstSeconds: number; readonly nextSeconds: number }
}

/** What came back, before its body was read. */
export interface EndpointReply {
  readonly address: URL
  readonly key: string | null
  readonly response: Response
  /** Milliseconds of `performance.now()`. */
  readonly askedAt: number
  /** The body piece by piece; throws where none comes for too long. */
  pieces(): AsyncGenerator<Uint8Array, void>
  /** Lets the connection go. */
  leave(): void
}

/** The most of an error that is read. */
const MAX_ERROR_BYTES = 64 * 1024

/** Asks the endpoint; its key goes into one header of this one request, and no redirection is followed. */
export async function askEndpoint(call: EndpointCall): Promise<EndpointReply> {
  const address = endpointAddress(call.endpoint, call.path)
  const key = await call.key()
  if (key !== null) checkKey(key, address)
  const watchdog = watch(call.signal)
  watchdog.expect(call.patience.firstSeconds)
  let response: Response
  const askedAt = performance.now()
  try {
    response = await fetch(address, {
      method: call.body === null ? 'GET' : 'POST',
      headers: headersOf(call.body, key),
      ...(call.body === null ? {} : { body: JSON.stringify(call.body) }),
      redirect: 'manual',
      signal: watchdog.signal,
    })
  } catch (error) {
    const isStalled = watchdog.signal.aborted
    watchdog.end()
    call.signal.throwIfAborted()
    throw isStalled ? stalled(address, call.patience.firstSeconds) : networkError(address, error)
  }
  return {
    address,
    key,
    response,
    askedAt,
    pieces: () => piecesOf(response, address, { call, watchdog }),
    leave: () => watchdog.end(),
  }
}

function headersOf(body: object | null, key: string | null): Record<string, string> {
  return {
    accept: body === null ? 'application/json' : 'text/event-stream, application/json',
    ...(body === null ? {} : { 'content-type': 'application/json' }),
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
  }
}

async function* piecesOf(
  { body }: Response,
  address: URL,
  { call, watchdog }: { readonly call: EndpointCall; readonly watchdog: ReturnType<typeof watch> },
): AsyncGenerator<Uint8Array, void> {
  if (body === null) return
  const reader = body.getReader()
  // Headers may come at once and the first piece only when the prompt is read.
  let seconds = call.patience.firstSeconds
  try {
    for (;;) {
      watchdog.expect(seconds)
      const { done, value } = await reader.read()
      if (done) return
      seconds = call.patience.nextSeconds
      yield value
    }
  } catch (error) {
    call.signal.throwIfAborted()
    throw watchdog.signal.aborted ? stalled(address, seconds) : brokenOff(address, error)
  } finally {
    watchdog.end()
  }
}

/** Ends a request when its caller does, when nothing was heard of it for too long, or when it is left. */
function watch(signal: AbortSignal) {
  const ending = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const stop = () => ending.abort()
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  return {
    signal: ending.signal,
    expect(seconds: number) {
      clearTimeout(timer)
      timer = setTimeout(stop, seconds * 1000)
    },
    end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      stop()
    },
  }
}

/** What came with a refusal, parsed; null where it is no JSON. */
export async function saidIn(reply: EndpointReply): Promise<unknown> {
  const text = await textOf(reply, MAX_ERROR_BYTES, () => null).catch(() => null)
  return text === null ? null : parseJson(text)
}

/** The body as text; `tooLong` says what happens when it has no end. */
export async function textOf<Otherwise>(
  reply: EndpointReply,
  mostBytes: number,
  tooLong: () => Otherwise,
): Promise<string | Otherwise> {
  const decoder = new TextDecoder()
  let bytes = 0
  let text = ''
  for await (const piece of reply.pieces()) {
    bytes += piece.length
    if (bytes > mostBytes) return tooLong()
    text += decoder.decode(piece, { stream: true })
  }
  return text + decoder.decode()
}

/** Null where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
