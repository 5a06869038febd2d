import type { IncomingMessage } from 'node:http'
import type { HubAnswer, HubRequests } from '#backend/download/hub-requests.ts'
import { lostConnection } from '#backend/download/network-faults.ts'
import { FileChanged, lastingFault, passingFault, RangesIgnored } from '#backend/download/remote-fault.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Bytes of a file that are wanted, and what to do with them. */
export interface RangeWish {
  readonly url: URL
  /** As listed. */
  readonly fileBytes: number
  readonly start: number
  /** The first byte no longer wanted. */
  readonly end: number
  readonly signal: AbortSignal
  /** Called before the first byte: whether it is still the same file. */
  readonly isSameFile: (tag: string | null) => boolean
  readonly write: (data: Uint8Array, position: number) => Promise<void>
}

/** Fetches some bytes of a file in one request; whatever is not exactly that is thrown as a fault. */
export async function fetchRange(requests: HubRequests, wish: RangeWish): Promise<void> {
  const { end, fileBytes, signal, start } = wish
  const isWhole = start === 0 && end === fileBytes
  const answer = await requests.get(wish.url, isWhole ? { signal } : { range: { start, end }, signal })
  try {
    checkKind(answer, wish.url)
    if (answer.status === 206) checkContentRange(answer, wish)
    else checkWholeLength(answer, wish)
    if (!wish.isSameFile(answer.tag)) throw new FileChanged(`${wish.url.host} has another file now.`)
    // A server that sends all of it whatever is asked for.
    if (answer.status === 200 && !isWhole) throw new RangesIgnored(`${wish.url.host} ignores ranges.`)
    await readBody(answer.body, wish)
  } finally {
    answer.body.destroy()
  }
}

async function readBody(body: IncomingMessage, { end, signal, start, url, write }: RangeWish): Promise<void> {
  let position = start
  try {
    for await (const data of body as AsyncIterable<Uint8Array>) {
      if (position + data.length > end) throw wrongAnswer(url, 'sends more than was asked for')
      await write(data, position)
      position += data.length
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof InhouseError ? error : lostConnection(error, url, null)
  }
  if (position < end) {
    throw passingFault(
      'NETWORK_FAILED',
      `${url.host} ended before all was sent.`,
      'Go on later, or use a mirror: what was fetched is kept.',
    )
  }
}

/** A login page of the network, or an error page that says "200". */
function checkKind({ headers }: HubAnswer, url: URL): void {
  if (!/^\s*text\/html\b/i.test(headers['content-type'] ?? '')) return
  throw lastingFault(
    'SERVER_REFUSED',
    `${url.host} answered with a web page instead of the file.`,
    'Your network may want you to log in: open a browser and look. If you use a mirror, check its address.',
  )
}

/** RFC 9110, 14.4. */
function checkContentRange({ headers }: HubAnswer, { end, fileBytes, start, url }: RangeWish): void {
  const [, first, last, whole] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(headers['content-range'] ?? '') ?? []
  if (first === undefined || Number(first) !== start || Number(last) !== end - 1) {
    throw wrongAnswer(url, 'sends another part of the file than was asked for')
  }
  if (whole !== '*' && Number(whole) !== fileBytes) {
    throw new FileChanged(`${url.host} announced ${fileBytes} bytes and now says ${whole}.`)
  }
}

function checkWholeLength({ headers }: HubAnswer, { fileBytes, url }: RangeWish): void {
  const length = headers['content-length']
  if (length !== undefined && Number(length) !== fileBytes) {
    throw new FileChanged(`${url.host} announced ${fileBytes} bytes and now says ${length}.`)
  }
}

function wrongAnswer(url: URL, what: string): Error {
  return passingFault(
    'DOWNLOAD_CORRUPT',
    `${url.host} ${what}.`,
    'A proxy or a mirror on the way may be at fault: try without it, or another one.',
  )
}
