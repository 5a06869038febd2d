import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBackend, type Backend } from '#backend/api/backend.ts'
import { appFolders } from '#backend/store/app-folders.ts'
import { createWebClient, isDefinedError, safe, type InhouseClient } from '#contract/client.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { listen } from './web/listen.ts'
import { startTestHost, TEST_PAGE, type TestHost } from './web/testing/start-test-host.ts'
import { startWebHost } from './web-host.ts'

const CALL = { path: '/rpc/settings/get', method: 'POST', body: '{}' } as const
const CALL_HEADERS = { 'content-type': 'application/json', 'x-csrf-token': 'orpc' }

/** The client of a page in a browser that was let in. */
function pageClient(host: TestHost): InhouseClient {
  return createWebClient(`http://127.0.0.1:${host.port}/rpc`, { cookie: host.cookie })
}

/** A backend whose free-memory stream counts how often it was ended, and which throws on purpose elsewhere. */
function countingBackend(): Backend & { readonly ended: () => number } {
  let ended = 0
  const closing = new AbortController()
  const fail = () => Promise.reject(new Error('a secret detail'))
  const folders = appFolders({ INHOUSE_DATA_DIR: path.join(tmpdir(), 'inhouse-web-host-test') })
  return {
    ...createBackend({ host: 'web', folders, version: 'test' }),
    ended: () => ended,
    info: fail,
    async *scan() {
      yield* []
      throw new Error('a secret detail')
    },
    lastScan: async () => null,
    async *watchFreeMemory(signal) {
      try {
        while (signal?.aborted !== true && !closing.signal.aborted) {
          yield { readAt: new Date(0).toISOString(), ramFreeBytes: 1, acceleratorFreeBytes: [] }
          await sleep(5)
        }
      } finally {
        ended++
      }
    },
    doctor: fail,
    catalogue: () =>
      Promise.reject(
        new InhouseError({
          code: 'CATALOGUE_CORRUPT',
          message: 'models.json is damaged.',
          nextStep: 'Install again.',
        }),
      ),
    settings: fail,
    changeSettings: fail,
    close: () => closing.abort(),
  }
}

async function eventually(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds() && waited < 5000; waited += 5) await sleep(5)
  expect(holds()).toBe(true)
}

describe('who is let in', () => {
  let host: TestHost
  beforeAll(async () => void (host = await startTestHost()))
  afterAll(() => host.close())

  it('exchanges the token of the printed address for a cookie that scripts and other sites cannot use', async () => {
    const answer = await host.ask({ path: `/models?token=${host.token}` })
    expect(answer).toMatchObject({ status: 303, headers: { location: '/models' } })
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^inhouse-\d+=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    expect(host.cookie).not.toContain(host.token)
  })

  it('lets a browser in that came by a link on another site, whose redirect would lose the strict cookie', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    const answer = await host.ask({ path: `/models?token=${host.token}`, headers })
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'set-cookie': [expect.stringContaining('HttpOnly')] },
    })
    expect(answer.text).toContain('url=/models"')
    const hostile = await host.ask({ path: `/"><script>?token=${host.token}`, headers })
    expect(hostile.text).toContain('url=/"')
  })

  it('keeps the rest of the address, and keeps the token out of it', async () => {
    const path = `/models?q=qwen&token=${host.token}&gpu=2x+RTX+3090`
    const answer = await host.ask({ path })
    expect(answer.headers['location']).toBe('/models?q=qwen&gpu=2x+RTX+3090')
    const moved = await host.ask({
      path,
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    })
    expect(moved.text).toContain('url=/models?q=qwen&amp;gpu=2x+RTX+3090"')
    const twice = await host.ask({ path: `/?token=${host.token}&a=1?b=2&token=${host.token}` })
    expect(twice.headers['location']).toBe('/?a=1%3Fb%3D2')
  })

  it('never leaves this host on the way in', async () => {
    const answer = await host.ask({ path: `//evil.example/?token=${host.token}` })
    expect(answer.headers['location']).toBe('/')
  })

  it('refuses a wrong token and an absent cookie, saying what to do', async () => {
    const wrong = await host.ask({ path: '/?token=guess' })
    expect(wrong).toMatchObject({
      status: 403,
      text: expect.stringContaining('Copy the address from the terminal'),
    })
    expect(wrong.headers['set-cookie']).toBeUndefined()
    const absent = await host.ask({ path: '/' })
    expect(absent).toMatchObject({ status: 403, text: expect.stringContaining('token=') })
    const forged = await host.ask({ path: '/', headers: { cookie: host.cookie.replace(/.$/, '~') } })
    expect(forged.status).toBe(403)
    expect((await host.ask({ ...CALL, headers: CALL_HEADERS })).status).toBe(403)
  })

  it('answers calls of a page that was let in', async () => {
    const answer = await host.ask({ ...CALL, headers: { ...CALL_HEADERS, cookie: host.cookie } })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('"theme":"auto"')
  })
})

describe('requests from elsewhere', () => {
  let host: TestHost
  beforeAll(async () => void (host = await startTestHost()))
  afterAll(() => host.close())

  it.each([
    'evil.example',
    `evil.example:80`,
    '127.0.0.1.evil.example',
    '192.168.7.7',
    'localhost@evil.example',
  ])('refuses a forged Host header: %s', async (forged) => {
    const headers = { ...CALL_HEADERS, cookie: host.cookie, host: forged }
    expect((await host.ask({ ...CALL, headers })).status).toBe(403)
    expect((await host.ask({ path: `/?token=${host.token}`, headers: { host: forged } })).status).toBe(403)
  })

  it.each(['localhost:9000', '127.0.0.1:1', '[::1]:80', 'LOCALHOST'])(
    'knows this machine behind a forwarded port: %s',
    async (name) => {
      expect((await host.ask({ path: '/', headers: { cookie: host.cookie, host: name } })).status).toBe(200)
    },
  )

  it.each(['https://evil.example', 'null', 'http://localhost:3000', 'http://127.0.0.1'])(
    'refuses a foreign Origin: %s',
    async (origin) => {
      const headers = { ...CALL_HEADERS, cookie: host.cookie, origin }
      const answer = await host.ask({ ...CALL, headers })
      expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('Another website') })
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    },
  )

  it('takes its own Origin', async () => {
    const headers = { ...CALL_HEADERS, cookie: host.cookie, origin: `http://127.0.0.1:${host.port}` }
    expect((await host.ask({ ...CALL, headers })).status).toBe(200)
  })

  it('refuses what a page elsewhere can send without a preflight, even with the cookie', async () => {
    const typeless = { cookie: host.cookie }
    expect((await host.ask({ ...CALL, headers: typeless })).status).toBe(403)
    const form = { cookie: host.cookie, 'content-type': 'multipart/form-data; boundary=x' }
    const body = '--x\r\ncontent-disposition: form-data; name="data"\r\n\r\n{}\r\n--x--\r\n'
    expect((await host.ask({ ...CALL, headers: form, body })).status).toBe(403)
    const crossSite = { ...CALL_HEADERS, cookie: host.cookie, 'sec-fetch-site': 'cross-site' }
    expect((await host.ask({ ...CALL, headers: crossSite })).status).toBe(403)
  })

  it('answers no preflight', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    const answer = await host.ask({ path: CALL.path, method: 'OPTIONS', headers })
    expect(answer.status).toBe(403)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('what is served', () => {
  let host: TestHost
  const ask = (target: string, method = 'GET') =>
    host.ask({ path: target, method, headers: { cookie: host.cookie, ...CALL_HEADERS } })
  beforeAll(async () => void (host = await startTestHost()))
  afterAll(() => host.close())

  it('sends the page for its own and for deep links, with a policy and a nonce of its own each time', async () => {
    const [first, second] = [await ask('/'), await ask('/models/Qwen/Qwen3-0.6B?context=8192')]
    const nonces = [first, second].map(({ text }) => /csp-nonce" content="([^"]+)"/.exec(text)?.[1] ?? '')
    expect(new Set(nonces).size).toBe(2)
    expect(first.headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonces[0]}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
    expect(second.headers['content-security-policy']).toContain(`'nonce-${nonces[1]}'`)
    expect(first).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
      text: TEST_PAGE.replace('content=""', `content="${nonces[0]}"`),
    })
  })

  it('sends built files with their type, to be kept', async () => {
    expect(await ask('/assets/page-1a2b.js')).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': expect.stringContaining('immutable'),
      },
      text: 'export {}',
    })
  })

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/%00.js',
    '/%',
    'http://evil.example/../x',
  ])('serves nothing outside the page: %s', async (target) => {
    const answer = await ask(target)
    expect(answer.status).toBe(403)
    expect(answer.text).not.toContain('secret\n')
  })

  it('says in plain words what is not there or not done that way', async () => {
    expect(await ask('/assets/old.js')).toMatchObject({
      status: 404,
      text: expect.stringContaining('nothing at this address'),
    })
    expect(await ask('/rpc/no/such', 'POST')).toMatchObject({ status: 404 })
    expect(await ask('/rpc/settings/get')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
    expect(await ask('/', 'DELETE')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  })

  it('refuses an oversized body', async () => {
    const body = JSON.stringify({ json: { theme: 'x'.repeat(17 * 1024 * 1024) } })
    const answer = await host.ask({
      path: '/rpc/settings/set',
      method: 'POST',
      headers: { cookie: host.cookie, ...CALL_HEADERS },
      body,
    })
    expect(answer.status).toBe(413)
  })

  it('refuses input that the contract does not know', async () => {
    const body = JSON.stringify({ json: { needs: { users: -1 } } })
    const answer = await host.ask({
      path: '/rpc/settings/set',
      method: 'POST',
      headers: { cookie: host.cookie, ...CALL_HEADERS },
      body,
    })
    expect(answer.status).toBe(400)
  })

  it('hands hostile catalogue text on as data, and names a broken entry', async () => {
    const { records } = JSON.parse(await readShippedModels()) as { records: Record<string, unknown>[] }
    const name = '<img src=x onerror=alert(1)> "\u{1F600}" </script>'
    await mkdir(host.folders.userFolder, { recursive: true })
    await writeFile(
      path.join(host.folders.userFolder, 'models.json'),
      JSON.stringify(
        [
          { ...records[0], id: 'me/mine', name },
          { ...records[0], id: 'me/broken', name: 7 },
        ],
        null,
        1,
      ),
    )
    const catalogue = await pageClient(host).catalogue.get()
    expect(catalogue.models.find((model) => model.id === 'me/mine')).toMatchObject({ name, origin: 'user' })
    expect(catalogue.problems).toEqual([
      {
        file: path.join(host.folders.userFolder, 'models.json'),
        line: expect.any(Number),
        message: expect.stringContaining('name'),
      },
    ])
  })
})

describe('streams and failures', () => {
  it('ends a stream on the machine when the page stops reading or goes away', async () => {
    const backend = countingBackend()
    const host = await startTestHost(backend)
    for await (const memory of await pageClient(host).machine.watchFreeMemory()) {
      expect(memory.ramFreeBytes).toBe(1)
      break
    }
    await eventually(() => backend.ended() === 1)
    const leaving = new AbortController()
    const stream = await pageClient(host).machine.watchFreeMemory(undefined, { signal: leaving.signal })
    await stream.next()
    leaving.abort()
    await eventually(() => backend.ended() === 2)
    await host.close()
  })

  it('closes with a stream open that would never end, and ends it', async () => {
    const backend = countingBackend()
    const host = await startTestHost(backend)
    const stream = await pageClient(host).machine.watchFreeMemory()
    await stream.next()
    await host.close()
    expect(backend.ended()).toBe(1)
    await expect(drain(stream)).resolves.toBeUndefined()
    await expect(fetch(`http://127.0.0.1:${host.port}/`)).rejects.toThrow('fetch failed')
  })

  it('carries a declared failure with its next step, and no detail of an undeclared one', async () => {
    const host = await startTestHost(countingBackend())
    const { error } = await safe(pageClient(host).catalogue.get())
    expect(isDefinedError(error) && { code: error.code, message: error.message, data: error.data }).toEqual({
      code: 'CATALOGUE_CORRUPT',
      message: 'models.json is damaged.',
      data: { nextStep: 'Install again.' },
    })
    const unexpected = await safe(pageClient(host).app.info())
    expect(isDefinedError(unexpected.error) && unexpected.error.code).toBe('UNEXPECTED')
    expect(JSON.stringify(unexpected.error)).not.toContain('secret')
    const inStream = await safe(
      pageClient(host)
        .machine.scan()
        .then((stream) => stream.next()),
    )
    expect(inStream.error).toMatchObject({ code: 'UNEXPECTED', defined: true })
    await host.close()
  })
})

describe('starting', () => {
  it('says which port is in use and what to do', async () => {
    const other = createServer()
    const port = await listen(other, 0, '127.0.0.1')
    const host = await startTestHost()
    await expect(startWebHost({ port, folders: host.folders })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${port} on 127.0.0.1 is in use by another program.`,
      nextStep: expect.stringContaining('--port 0'),
    })
    await host.close()
    other.close()
  })

  it('says that an address is not of this machine, and that the page is not built', async () => {
    const host = await startTestHost()
    await expect(startWebHost({ host: '203.0.113.1', folders: host.folders })).rejects.toMatchObject({
      code: 'ADDRESS_UNAVAILABLE',
    })
    await host.close()
    const folders = { ...appFolders(), rendererFolder: '/nowhere' }
    await expect(startWebHost({ folders })).rejects.toMatchObject({ code: 'RENDERER_MISSING' })
  })

  it('warns when others can reach it, and takes the addresses of this machine then', async () => {
    const local = await startTestHost()
    expect(local.host.warning).toBeNull()
    const host = await startWebHost({ host: '0.0.0.0', folders: local.folders })
    expect(host.warning).toContain('ssh -L')
    for (const url of [host.url, ...host.networkUrls]) {
      expect((await fetch(url, { redirect: 'manual' })).status).toBe(303)
    }
    await host.close()
    await local.close()
  })
})

async function drain(stream: AsyncIterator<unknown>): Promise<void> {
  while ((await stream.next()).done !== true);
}

function readShippedModels(): Promise<string> {
  return readFile(path.join(appFolders().dataFolder, 'models.json'), 'utf8')
}
