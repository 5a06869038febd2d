import { createHash } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A file the hub has. */
export interface HubFile {
  readonly name: string
  readonly content: Buffer
  /** Default: true. The hub tells a checksum only of large files. */
  readonly tellsChecksum?: boolean
  /** Default: as it is. */
  readonly toldBytes?: number
}

/** A request for a file, as a script may answer it. */
export interface FileRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly file: HubFile
  /** Counts requests for files, from 0. */
  readonly count: number
  /** As asked for; `end` is the first byte not wanted. Null: all. */
  readonly range: { readonly start: number; readonly end: number } | null
  /** Answers as a good server would. */
  readonly answerWell: () => void
}

/** How the hub behaves; each is asked anew for every request. */
export interface HubScript {
  files: readonly HubFile[]
  license?: string
  gated?: boolean | string
  /** Sends files its own way; `answerWell` is always there. */
  onFile?: (request: FileRequest) => void
  /** Answers the question for the list its own way; true: it did. */
  onList?: (request: IncomingMessage, response: ServerResponse, count: number) => boolean
}

/** A request as it came in. */
export interface SeenRequest {
  readonly path: string
  readonly range: string | null
  readonly authorization: string | null
}

/** A hub on this machine that does what its script says. */
export interface FaultyHub {
  readonly address: string
  readonly script: HubScript
  readonly seen: SeenRequest[]
  close(): Promise<void>
}

/** Starts a hub on a free port of loopback. */
export async function startFaultyHub(script: HubScript): Promise<FaultyHub> {
  const seen: SeenRequest[] = []
  let [lists, files] = [0, 0]
  const server = http.createServer((request, response) => {
    const { authorization = null, range = null } = request.headers
    const path = decodeURIComponent(request.url ?? '')
    seen.push({ path, range, authorization })
    // A client that leaves in the middle is what is being tested.
    response.on('error', () => undefined)
    if (path.startsWith('/api/models/')) {
      if (script.onList?.(request, response, lists++) === true) return
      sendJson(response, listing(script))
      return
    }
    const file = script.files.find(({ name }) => path.endsWith(`/${name}`))
    if (file === undefined) {
      response.writeHead(404).end()
      return
    }
    const answerWell = () => sendFile(response, file, parseRange(range))
    if (script.onFile === undefined) answerWell()
    else script.onFile({ request, response, file, count: files++, range: parseRange(range), answerWell })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    script,
    seen,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** SHA-256 in hexadecimal. */
export function checksumOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Sends what a good server would, with these headers on top. */
export function sendFile(
  response: ServerResponse,
  { content }: Pick<HubFile, 'content'>,
  range: FileRequest['range'],
  headers: Record<string, string | number> = {},
): void {
  const tag = `"${checksumOf(content).slice(0, 32)}"`
  if (range === null) {
    response.writeHead(200, { 'content-length': content.length, etag: tag, ...headers }).end(content)
    return
  }
  const piece = content.subarray(range.start, range.end)
  const contentRange = `bytes ${range.start}-${range.start + piece.length - 1}/${content.length}`
  response.writeHead(206, {
    'content-length': piece.length,
    'content-range': contentRange,
    etag: tag,
    ...headers,
  })
  response.end(piece)
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function listing({ files, gated = false, license }: HubScript): object {
  return {
    sha: 'c'.repeat(40),
    gated,
    cardData: license === undefined ? {} : { license },
    siblings: files.map(({ content, name, tellsChecksum = true, toldBytes = content.length }) => ({
      rfilename: name,
      size: toldBytes,
      ...(tellsChecksum ? { lfs: { sha256: checksumOf(content), size: toldBytes } } : {}),
    })),
  }
}

function parseRange(header: string | null): FileRequest['range'] {
  const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(header ?? '') ?? []
  return start === undefined ? null : { start: Number(start), end: Number(last) + 1 }
}
