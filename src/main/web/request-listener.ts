import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { findPageFile } from '../page/page-file.ts'
import { freshNonce, readIndexPage } from '../page/index-page.ts'
import { pageHeaders } from '../page/page-headers.ts'
import { CALL_PREFIX, type CallHandler } from './call-handler.ts'
import { ANSWERS, sendPlain } from './plain-answer.ts'
import { receiveUpload, UPLOAD_PATH, type ReceiveFile } from './receive-upload.ts'
import { refusal } from './request-guard.ts'
import type { Session } from './session.ts'

export interface Served {
  readonly session: Session
  readonly allowedHosts: ReadonlySet<string>
  readonly rendererFolder: string
  readonly answerCall: CallHandler
  readonly receiveFile: ReceiveFile
}

/** Answers every request of the web host: who asks is settled first, then whether it is a call or a page. */
export function createRequestListener(served: Served) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response, served).catch((error: unknown) => {
      if (isGone(error, response)) return
      console.error(error)
      if (response.headersSent) response.destroy()
      else sendPlain(response, ANSWERS.failed)
    })
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const nonce = freshNonce()
  for (const [name, value] of Object.entries(pageHeaders(nonce))) response.setHeader(name, value)
  const refused = refusal(request, served.allowedHosts)
  if (refused !== null) return sendPlain(response, refused)
  const { path, token, rest } = parts(request.url ?? '/')
  if (path === CALL_PREFIX || path.startsWith(`${CALL_PREFIX}/`)) return answerCall(request, response, served)
  if (path === UPLOAD_PATH) return answerUpload(request, response, served)
  if (request.method !== 'GET' && request.method !== 'HEAD') return sendPlain(response, ANSWERS.pageMethod)
  if (token !== null) {
    if (!served.session.isToken(token)) return sendPlain(response, ANSWERS.wrongToken)
    return letIn(request, response, { session: served.session, path, rest })
  }
  if (!served.session.isLetIn(request.headers.cookie)) return sendPlain(response, ANSWERS.noSession)
  return sendPage(response, served.rendererFolder, path, nonce)
}

interface AddressParts {
  readonly path: string
  readonly token: string | null
  /** The query without the token, with its question mark; empty when nothing remains. */
  readonly rest: string
}

/** The path as the browser sent it (never resolved: `..` must stay visible) and the token, if the address has one. */
function parts(url: string): AddressParts {
  const mark = url.indexOf('?')
  if (mark < 0) return { path: url, token: null, rest: '' }
  const query = new URLSearchParams(url.slice(mark + 1))
  const token = query.get('token')
  query.delete('token')
  return { path: url.slice(0, mark), token, rest: query.size === 0 ? '' : `?${query.toString()}` }
}

async function answerCall(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  if (!served.session.isLetIn(request.headers.cookie)) return sendPlain(response, ANSWERS.noSession)
  if (request.method !== 'POST') return sendPlain(response, ANSWERS.callMethod)
  response.setHeader('cache-control', 'no-store')
  if (!(await served.answerCall(request, response))) sendPlain(response, ANSWERS.noSuchPage)
}

async function answerUpload(
  request: IncomingMessage,
  response: ServerResponse,
  served: Served,
): Promise<void> {
  if (!served.session.isLetIn(request.headers.cookie)) return sendPlain(response, ANSWERS.noSession)
  if (request.method !== 'PUT') return sendPlain(response, ANSWERS.uploadMethod)
  await receiveUpload(request, response, served.receiveFile)
}

/**
 * Exchanges the token for the cookie and leaves the address with the token. A browser that came by a link on another
 * site (a terminal in a web page) would withhold the strict cookie from a redirect, so there the page moves on itself.
 */
function letIn(
  request: IncomingMessage,
  response: ServerResponse,
  { session, path, rest }: { readonly session: Session; readonly path: string; readonly rest: string },
): void {
  const target = `${path.startsWith('//') ? '/' : path}${rest}`
  const headers = { 'set-cookie': session.cookie, 'cache-control': 'no-store' }
  const site = request.headers['sec-fetch-site']
  if (site !== 'cross-site' && site !== 'same-site') {
    response.writeHead(303, { ...headers, location: target }).end()
    return
  }
  const safeTarget = /^[\w/.~%?=&*+-]*$/.test(target) ? target.replaceAll('&', '&amp;') : '/'
  response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' })
  response.end(
    `<!doctype html><meta http-equiv="refresh" content="0;url=${safeTarget}"><title>Inhouse</title>\n`,
  )
}

async function sendPage(
  response: ServerResponse,
  folder: string,
  path: string,
  nonce: string,
): Promise<void> {
  const found = await findPageFile(folder, path)
  switch (found.kind) {
    case 'forbidden':
      return sendPlain(response, ANSWERS.forbiddenPath)
    case 'missing':
      return sendPlain(response, ANSWERS.noSuchPage)
    case 'index':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      response.end(await readIndexPage(folder, nonce))
      return
    case 'file':
      response.writeHead(200, {
        'content-type': found.mime,
        'cache-control': found.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
      })
      await pipeline(createReadStream(found.file), response)
  }
}

/** The browser went away in the middle of an answer: nobody is left to tell. */
function isGone(error: unknown, response: ServerResponse): boolean {
  return (
    response.destroyed &&
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_STREAM_PREMATURE_CLOSE'
  )
}
