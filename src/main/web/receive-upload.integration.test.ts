import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import { startTestHost, type TestHost } from './testing/start-test-host.ts'

let host: TestHost
beforeAll(async () => {
  host = await startTestHost()
})
afterAll(() => host.close())

const put = (path: string, headers: Record<string, string>, body = 'bytes') =>
  host.ask({ path, method: 'PUT', headers, body })

describe('PUT /upload', () => {
  it('puts a file of the page into the library', async () => {
    const answer = await put('/upload?name=mine.gguf', { cookie: host.cookie, 'x-inhouse-upload': '1' })
    expect(answer.status).toBe(200)
    const { path } = JSON.parse(answer.text) as { path: string }
    expect(path.startsWith(host.folders.userFolder)).toBe(true)
    expect(await readFile(path, 'utf8')).toBe('bytes')
  })

  it('is refused without the header that a foreign page cannot send, and without the cookie', async () => {
    expect((await put('/upload?name=x.gguf', { cookie: host.cookie })).status).toBe(422)
    expect((await put('/upload?name=x.gguf', { 'x-inhouse-upload': '1' })).status).toBe(403)
  })

  it('says what is wrong with a name, and what to do', async () => {
    const answer = await put('/upload?name=..%2Fx.gguf', { cookie: host.cookie, 'x-inhouse-upload': '1' })
    expect(answer.status).toBe(422)
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'FILE_INVALID',
      nextStep: expect.stringMatching(/\.$/),
    })
  })
})
