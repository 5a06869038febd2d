import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Endpoint } from '#contract/endpoints.ts'

/** A request as the server of a test saw it. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly authorization: string | null
  readonly body: Readonly<Record<string, unknown>> | null
}

/** How the server answers one request. */
export type Script = (response: ServerResponse, request: SeenRequest) => void

/** A server on loopback that answers as it is told, and remembers what it was asked. */
export interface ScriptedServer {
  readonly endpoint: Endpoint
  readonly seen: SeenRequest[]
  /** Each request takes the next one; the last one stays. */
  answer(...scripts: readonly Script[]): void
  close(): Promise<void>
}

/** Starts it on any free port. */
export async function scriptedServer(): Promise<ScriptedServer> {
  let scripts: readonly Script[] = []
  const seen: SeenRequest[] = []
  const server = createServer((request, response) => {
    void readRequest(request).then((asked) => {
      seen.push(asked)
      const [script, ...rest] = scripts
      if (rest.length > 0) scripts = rest
      script?.(response, asked)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: {
      id: 'test',
      name: 'Test',
      url: `http://127.0.0.1:${port}/v1`,
      keyVariable: null,
      usdPerMillionInputTokens: null,
      usdPerMillionOutputTokens: null,
    },
    seen,
    answer(...given) {
      scripts = given
      seen.length = 0
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  let text = ''
  for await (const piece of request) text += String(piece)
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    authorization: request.headers.authorization ?? null,
    body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>),
  }
}

/** A stream of events, whole: strings as they are, everything else as the data of one. */
export function events(...messages: readonly (string | object)[]): Script {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    response.end(messages.map(eventText).join(''))
  }
}

/** The same, but the connection stays open (or breaks) behind the last. */
export function begun(
  messages: readonly (string | object)[],
  then: (response: ServerResponse) => void = () => undefined,
): Script {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(messages.map(eventText).join(''), () => then(response))
  }
}

function eventText(message: string | object): string {
  return typeof message === 'string' ? message : `data: ${JSON.stringify(message)}\n\n`
}

/** A status with JSON. */
export function status(
  code: number,
  said: object | string,
  headers: Readonly<Record<string, string>> = {},
): Script {
  return (response) => {
    const isText = typeof said === 'string'
    response.writeHead(code, { 'content-type': isText ? 'text/html' : 'application/json', ...headers })
    response.end(isText ? said : JSON.stringify(said))
  }
}

/** One piece of an answer as most servers send it. */
export function delta(content: string, more: object = {}): object {
  return {
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content }, finish_reason: null, ...more }],
  }
}

/** The end of an answer. */
export function finish(reason = 'stop', more: object = {}): object {
  return { choices: [{ index: 0, delta: {}, finish_reason: reason }], ...more }
}

export const DONE = 'data: [DONE]\n\n'
