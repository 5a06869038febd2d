import type { IncomingMessage, ServerResponse } from 'node:http'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Where a page puts a file that a browser does not tell the place of. */
export const UPLOAD_PATH = '/upload'
/** A page of another site cannot send it without a preflight, which nobody here answers. */
const UPLOAD_HEADER = 'x-inhouse-upload'

/** Takes the bytes of a model file; answers where it lies. */
export type ReceiveFile = (upload: {
  readonly name: string
  readonly bytes: number
  readonly body: NodeJS.ReadableStream
  readonly signal: AbortSignal
}) => Promise<string>

/** Answers `PUT /upload?name=…`: `{ path }`, or what is wrong and what to do. */
export async function receiveUpload(
  request: IncomingMessage,
  response: ServerResponse,
  receiveFile: ReceiveFile,
): Promise<void> {
  const leaving = new AbortController()
  response.once('close', () => leaving.abort())
  try {
    const upload = announced(request)
    const path = await receiveFile({ ...upload, body: request, signal: leaving.signal })
    sendJson(response, 200, { path })
  } catch (error) {
    if (response.destroyed) return
    if (!(error instanceof InhouseError)) throw error
    // The rest of the body is not wanted any more.
    response.setHeader('connection', 'close')
    const { code, message, nextStep } = error
    sendJson(response, code === 'DISK_FULL' ? 507 : 422, { code, message, nextStep })
  }
}

function announced(request: IncomingMessage): { readonly name: string; readonly bytes: number } {
  const query = new URLSearchParams((request.url ?? '').split('?', 2)[1] ?? '')
  const name = query.get('name') ?? ''
  const length = request.headers['content-length']
  if (request.headers[UPLOAD_HEADER] === '1' && name !== '' && length !== undefined) {
    return { name, bytes: Number(length) }
  }
  throw new InhouseError({
    code: 'BAD_USAGE',
    message: 'An upload needs a name, a length and the header of the page.',
    nextStep: 'Use the Library page.',
  })
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(value))
}
