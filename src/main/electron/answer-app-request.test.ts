import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerAppRequest } from './answer-app-request.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-app-'))
  await mkdir(path.join(folder, 'page', 'assets'), { recursive: true })
  await writeFile(path.join(folder, 'page', 'index.html'), '<meta name="csp-nonce" content="" />')
  await writeFile(path.join(folder, 'page', 'assets', 'a.js'), 'export {}')
  await writeFile(path.join(folder, 'secret.js'), 'secret')
})
afterAll(() => rm(folder, { recursive: true }))

function ask(url: string, method = 'GET'): Promise<Response> {
  return answerAppRequest(
    { url, method },
    {
      rendererFolder: path.join(folder, 'page'),
      fetchFile: async (fileUrl) => new Response(await readFile(fileURLToPath(fileUrl))),
    },
  )
}

describe('answerAppRequest', () => {
  it('sends the page with a policy whose nonce stands in it, fresh each time', async () => {
    const [first, second] = [await ask('app://inhouse/'), await ask('app://inhouse/models?x=1#y')]
    const nonce = /content="([^"]+)"/.exec(await first.text())?.[1]
    expect(first.headers.get('content-security-policy')).toContain(`style-src 'self' 'nonce-${nonce}'`)
    expect(second.headers.get('content-security-policy')).not.toContain(nonce)
    expect(second.status).toBe(200)
  })

  it('sends files with their type', async () => {
    const answer = await ask('app://inhouse/assets/a.js')
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
      'text/javascript; charset=utf-8',
      'export {}',
    ])
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it.each([
    ['app://inhouse/../secret.js', 403],
    ['app://inhouse/%2e%2e/secret.js', 403],
    ['app://inhouse/..%5csecret.js', 403],
    ['app://inhouse/assets/gone.js', 404],
    ['app://other/assets/a.js', 404],
    ['app://inhouse.evil/', 404],
    ['file:///etc/passwd', 404],
  ])('refuses %s with %i', async (url, status) => {
    expect((await ask(url)).status).toBe(status)
  })

  it('only reads', async () => {
    expect((await ask('app://inhouse/', 'POST')).status).toBe(405)
  })
})
