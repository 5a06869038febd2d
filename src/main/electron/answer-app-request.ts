import { pathToFileURL } from 'node:url'
import { findPageFile } from '../page/page-file.ts'
import { freshNonce, readIndexPage } from '../page/index-page.ts'
import { pageHeaders } from '../page/page-headers.ts'
import { APP_ORIGIN } from './app-scheme.ts'

export interface AppFiles {
  readonly rendererFolder: string
  /** Reads a file; Electron's `net.fetch`, which streams and knows archives. */
  readonly fetchFile: (fileUrl: string) => Promise<Response>
}

/** Answers the window's requests for `app://inhouse/…` from the built page, and nothing else. */
export async function answerAppRequest(
  request: Pick<Request, 'url' | 'method'>,
  files: AppFiles,
): Promise<Response> {
  const nonce = freshNonce()
  if (request.method !== 'GET') return plain(405, 'Pages are read with GET.', nonce)
  // Cut by hand: parsing an address would resolve the dots that must be seen.
  if (!request.url.startsWith(`${APP_ORIGIN}/`)) return plain(404, 'There is no such app.', nonce)
  const path = request.url.slice(APP_ORIGIN.length).split(/[?#]/, 1)[0] ?? '/'
  const found = await findPageFile(files.rendererFolder, path)
  switch (found.kind) {
    case 'forbidden':
      return plain(403, 'This address leads outside the page.', nonce)
    case 'missing':
      return plain(404, 'There is nothing at this address.', nonce)
    case 'index':
      return new Response(await readIndexPage(files.rendererFolder, nonce), {
        headers: { ...pageHeaders(nonce), 'content-type': 'text/html; charset=utf-8' },
      })
    case 'file': {
      const file = await files.fetchFile(pathToFileURL(found.file).href)
      return new Response(file.body, { headers: { ...pageHeaders(nonce), 'content-type': found.mime } })
    }
  }
}

function plain(status: number, text: string, nonce: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...pageHeaders(nonce), 'content-type': 'text/plain; charset=utf-8' },
  })
}
