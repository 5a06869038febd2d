import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  contentOf,
  downloadBench,
  resultOf,
  type DownloadBench,
} from '#backend/download/testing/download-bench.ts'
import { sendFile, type FileRequest, type HubScript } from '#backend/download/testing/faulty-hub.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

const NAME = 'model-Q4_K_M.gguf'
const original = contentOf('original', 350_000)
const other = contentOf('other', 350_000)

let bench: DownloadBench | null = null
afterEach(async () => {
  await bench?.close()
  bench = null
})

/** Does it once, then answers well. */
function once(fault: (request: FileRequest) => void): NonNullable<HubScript['onFile']> {
  return (request) => (request.count === 0 ? fault(request) : request.answerWell())
}

function breakOff({ file, range, response }: FileRequest): void {
  const { start, end } = range ?? { start: 0, end: file.content.length }
  response.writeHead(range === null ? 200 : 206, {
    'content-length': end - start,
    'content-range': `bytes ${start}-${end - 1}/${file.content.length}`,
  })
  response.write(file.content.subarray(start, start + 10_000), () => response.destroy())
}

function status(code: number, headers: Record<string, string> = {}) {
  return ({ response }: FileRequest) => void response.writeHead(code, headers).end('no')
}

function wrongByte({ file, range, response }: FileRequest): void {
  const content = Buffer.from(file.content)
  content[content.length - 7]! ^= 1
  sendFile(response, { content }, range)
}

function ranged(headers: Record<string, string>) {
  return ({ file, range, response }: FileRequest) => sendFile(response, file, range, headers)
}

function ignoreRanges({ file, response }: FileRequest): void {
  sendFile(response, file, null)
}

function drip({ file, range, response }: FileRequest): void {
  response.writeHead(206, {
    'content-range': `bytes ${range!.start}-${range!.end - 1}/${file.content.length}`,
  })
  let at = range!.start
  const timer = setInterval(() => response.write(file.content.subarray(at, ++at)), 20)
  response.on('close', () => clearInterval(timer))
}

function endless({ file, range, response }: FileRequest): void {
  response.writeHead(206, {
    'content-range': `bytes ${range!.start}-${range!.end - 1}/${file.content.length}`,
  })
  const more = () => {
    while (!response.destroyed && response.write(file.content));
  }
  response.on('drain', more)
  more()
}

/** Ends properly, but in the middle. */
function endEarly({ file, range, response }: FileRequest): void {
  const { start, end } = range ?? { start: 0, end: 0 }
  response.writeHead(206, { 'content-range': `bytes ${start}-${end - 1}/${file.content.length}` })
  response.end(file.content.subarray(start, start + Math.floor((end - start) / 2)))
}

function unsized(content: Buffer) {
  return ({ response }: FileRequest) => {
    response.writeHead(200)
    response.write(content.subarray(0, 1000))
    response.end(content.subarray(1000))
  }
}

type Outcome = 'done' | InhouseError['code']
type Fault = readonly [name: string, outcome: Outcome, script: Partial<HubScript>]

const html = '<html>Log in to this network</html>'
const FAULTS: readonly Fault[] = [
  ['nothing at all', 'done', {}],
  ['breaks off in the middle, once', 'done', { onFile: once(breakOff) }],
  ['breaks off every time, but each time brings some', 'done', { onFile: breakOff }],
  ['closes before the header, once', 'done', { onFile: once(({ response }) => response.destroy()) }],
  ['closes before the header, always', 'NETWORK_FAILED', { onFile: ({ response }) => response.destroy() }],
  ['a wrong byte', 'DOWNLOAD_CORRUPT', { onFile: wrongByte }],
  [
    'another file of the same length',
    'DOWNLOAD_CORRUPT',
    { onFile: ({ range, response }) => sendFile(response, { content: other }, range) },
  ],
  [
    'a list that tells too few bytes',
    'DOWNLOAD_CORRUPT',
    { files: [{ name: NAME, content: original, toldBytes: 200_000 }] },
  ],
  [
    'a list that tells too many bytes',
    'DOWNLOAD_CORRUPT',
    { files: [{ name: NAME, content: original, toldBytes: 400_000 }] },
  ],
  ['no length, all in one stream', 'done', { onFile: unsized(original) }],
  ['no length, too short', 'NETWORK_FAILED', { onFile: unsized(original.subarray(0, 300_000)) }],
  ['no length, too long', 'DOWNLOAD_CORRUPT', { onFile: unsized(Buffer.concat([original, other])) }],
  ['ranges ignored', 'done', { onFile: ignoreRanges }],
  [
    'ranges ignored in the middle',
    'done',
    { onFile: (request) => (request.count === 3 ? ignoreRanges(request) : request.answerWell()) },
  ],
  [
    'ranges ignored and a wrong byte',
    'DOWNLOAD_CORRUPT',
    { onFile: (request) => wrongByte({ ...request, range: null }) },
  ],
  [
    'a Content-Range of another place',
    'DOWNLOAD_CORRUPT',
    { onFile: ranged({ 'content-range': 'bytes 7-65542/350000' }) },
  ],
  ['a Content-Range that is none, once', 'done', { onFile: once(ranged({ 'content-range': 'lots' })) }],
  ['a part that ends early, once', 'done', { onFile: once(endEarly) }],
  [
    'a part that ends early, and no checksum',
    'done',
    { files: [{ name: NAME, content: original, tellsChecksum: false }], onFile: once(endEarly) },
  ],
  [
    'a length that changes between requests',
    'done',
    {
      onFile: (request) =>
        request.count === 2
          ? sendFile(request.response, { content: contentOf('longer', 360_000) }, request.range)
          : request.answerWell(),
    },
  ],
  [
    'another tag in the middle, once',
    'done',
    {
      onFile: (request) =>
        request.count === 3 ? ranged({ etag: '"other"' })(request) : request.answerWell(),
    },
  ],
  [
    'another tag every time',
    'DOWNLOAD_CORRUPT',
    { onFile: (request) => ranged({ etag: `"${request.count}"` })(request) },
  ],
  ['401', 'ACCESS_DENIED', { onFile: status(401) }],
  ['403', 'ACCESS_DENIED', { onFile: status(403) }],
  ['404', 'REMOTE_NOT_FOUND', { onFile: status(404) }],
  ['410', 'REMOTE_NOT_FOUND', { onFile: status(410) }],
  ['416', 'DOWNLOAD_CORRUPT', { onFile: status(416) }],
  ['418', 'SERVER_REFUSED', { onFile: status(418) }],
  ['429, always', 'RATE_LIMITED', { onFile: status(429) }],
  ['429 with a moment to wait, once', 'done', { onFile: once(status(429, { 'retry-after': '0' })) }],
  [
    '429 with a date long gone, once',
    'done',
    { onFile: once(status(429, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })) },
  ],
  ['429 with an hour to wait', 'RATE_LIMITED', { onFile: status(429, { 'retry-after': '3600' }) }],
  ['500, once', 'done', { onFile: once(status(500)) }],
  ['500, always', 'SERVER_REFUSED', { onFile: status(500) }],
  ['503 with a moment to wait, once', 'done', { onFile: once(status(503, { 'retry-after': '0' })) }],
  ['302 to nowhere', 'SERVER_REFUSED', { onFile: status(302) }],
  [
    'a circle of redirects',
    'SERVER_REFUSED',
    { onFile: ({ request, response }) => void response.writeHead(302, { location: request.url }).end() },
  ],
  [
    'a redirect to a file of this machine',
    'SERVER_REFUSED',
    { onFile: status(302, { location: 'file:///etc/passwd' }) },
  ],
  ['drips, once', 'done', { onFile: once(drip) }],
  ['drips, always', 'NETWORK_FAILED', { onFile: drip }],
  ['says nothing, once', 'done', { onFile: once(() => undefined) }],
  ['endless data', 'DOWNLOAD_CORRUPT', { onFile: endless }],
  [
    'a login page with status 200',
    'SERVER_REFUSED',
    { onFile: ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end(html) },
  ],
  [
    'an error in plain text with status 200',
    'DOWNLOAD_CORRUPT',
    { onFile: ({ response }) => void response.end('oops') },
  ],
  [
    'a packed body',
    'SERVER_REFUSED',
    {
      onFile: ({ response }) =>
        void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(original)),
    },
  ],
  [
    'a list that is no JSON',
    'SERVER_REFUSED',
    { onList: (_, response) => Boolean(response.end('{"siblings": [')) },
  ],
  [
    'a list that is another JSON',
    'SERVER_REFUSED',
    { onList: (_, response) => Boolean(response.end('[1, 2]')) },
  ],
  [
    'a list that is a login page, once',
    'done',
    { onList: (_, response, count) => count === 0 && Boolean(response.end(html)) },
  ],
  ['no list', 'REMOTE_NOT_FOUND', { onList: (_, response) => Boolean(response.writeHead(404).end()) }],
  [
    'a list for members only',
    'ACCESS_DENIED',
    { onList: (_, response) => Boolean(response.writeHead(401).end()) },
  ],
  [
    'no checksum, and a good server',
    'done',
    { files: [{ name: NAME, content: original, tellsChecksum: false }] },
  ],
  [
    'no checksum, and another length',
    'DOWNLOAD_CORRUPT',
    { files: [{ name: NAME, content: original, tellsChecksum: false, toldBytes: 349_999 }] },
  ],
]

async function outcomeOf(started: DownloadBench): Promise<Outcome | 'paused'> {
  try {
    const { state } = await resultOf(started.open().run(started.wish))
    return state === 'done' || state === 'paused' ? state : 'UNEXPECTED'
  } catch (error) {
    if (error instanceof InhouseError) return error.code
    throw error
  }
}

describe('a server that', () => {
  it.each(FAULTS)('%s: %s', async (_, outcome, script) => {
    bench = await downloadBench({ files: [{ name: NAME, content: original }], ...script }, shippedCatalogue)
    expect(await outcomeOf(bench)).toBe(outcome)
    const names = await bench.names()
    // Whatever happened: a file with this name is the file.
    expect(names.includes(NAME)).toBe(outcome === 'done')
    if (outcome === 'done') expect(original.equals(await bench.content(NAME))).toBe(true)
    expect(names.filter((name) => name.endsWith('.lock'))).toEqual([])
  })
})

describe('after a failure', () => {
  it.each(FAULTS.filter(([, outcome]) => outcome !== 'done'))(
    'a server that is well again gives the file: %s',
    async (_, _outcome, script) => {
      bench = await downloadBench({ files: [{ name: NAME, content: original }], ...script }, shippedCatalogue)
      await outcomeOf(bench)
      Object.assign(bench.hub.script, {
        onFile: undefined,
        onList: undefined,
        files: [{ name: NAME, content: original }],
      })
      expect(await outcomeOf(bench)).toBe('done')
      expect(original.equals(await bench.content(NAME))).toBe(true)
      expect(await bench.names()).toEqual([NAME])
    },
  )
})

/** Faults by request, in any order: what a bad day looks like. */
const ANY: readonly ((request: FileRequest) => void)[] = [
  ({ answerWell }) => answerWell(),
  breakOff,
  wrongByte,
  ignoreRanges,
  status(500),
  status(404),
  status(416),
  status(429, { 'retry-after': '0' }),
  ranged({ etag: '"other"' }),
  ranged({ 'content-range': 'bytes 0-9/10' }),
  unsized(other),
  ({ range, response }) => sendFile(response, { content: other }, range),
  ({ response }) => response.destroy(),
  ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end(html),
]

it('never names a file that is not the file, whatever comes in whatever order', async () => {
  const day = fc.array(fc.constantFrom(...ANY), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(day, fc.boolean(), async (faults, tellsChecksum) => {
      const files = [{ name: NAME, content: original, tellsChecksum }]
      const onFile = (request: FileRequest) => (faults[request.count] ?? request.answerWell)(request)
      const started = await downloadBench({ files, onFile }, shippedCatalogue)
      try {
        for (let attempt = 0; attempt < 3; attempt += 1) {
          const outcome = await outcomeOf(started)
          const names = await started.names()
          expect(names.includes(NAME)).toBe(outcome === 'done')
          if (outcome !== 'done') continue
          const content = await started.content(NAME)
          // Without a checksum the length is all that can be known.
          if (tellsChecksum) expect(original.equals(content)).toBe(true)
          else expect(content.length).toBe(original.length)
        }
      } finally {
        await started.close()
      }
    }),
    { numRuns: 15 },
  )
})

describe('the token', () => {
  it('goes to the hub, and not to where the hub sends', async () => {
    const seen: (string | undefined)[] = []
    const store = http.createServer((request, response) => {
      seen.push(request.headers.authorization)
      const [, start, last] = /(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []
      sendFile(response, { content: original }, { start: Number(start), end: Number(last) + 1 })
    })
    await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve))
    const location = `http://127.0.0.1:${(store.address() as AddressInfo).port}/blob?signature=x`
    bench = await downloadBench(
      { files: [{ name: NAME, content: original }], onFile: status(302, { location }) },
      shippedCatalogue,
    )
    const downloads = bench.open({ token: () => Promise.resolve('hf_secret') })
    await resultOf(downloads.run(bench.wish))
    expect(original.equals(await bench.content(NAME))).toBe(true)
    expect(new Set(seen)).toEqual(new Set([undefined]))
    expect(new Set(bench.hub.seen.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer hf_secret']),
    )
    store.closeAllConnections()
    await new Promise((resolve) => store.close(resolve))
  })

  it('stands in no message', async () => {
    bench = await downloadBench(
      { files: [{ name: NAME, content: original }], onFile: status(403) },
      shippedCatalogue,
    )
    const downloads = bench.open({ token: () => Promise.resolve('hf_secret') })
    const error = await resultOf(downloads.run(bench.wish)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', nextStep: expect.stringContaining('HF_TOKEN') })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hf_secret')
  })
})
