import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { receiveFile, type FileToReceive } from '#backend/library/receive-file.ts'

let folder: string
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'inhouse-receive-')), 'models')
})
afterEach(() => rm(path.dirname(folder), { recursive: true, force: true }))

const send = (part: Partial<FileToReceive> = {}) =>
  receiveFile(
    {
      name: 'a model.gguf',
      bytes: 6,
      body: Readable.from([Buffer.from('abc'), Buffer.from('def')]),
      signal: new AbortController().signal,
      ...part,
    },
    folder,
  )

const left = () => readdir(folder).catch(() => [])

describe('receiveFile', () => {
  it('puts the whole file under its name', async () => {
    const file = await send()
    expect(file).toBe(path.join(folder, 'a model.gguf'))
    expect(await readFile(file, 'utf8')).toBe('abcdef')
    expect(await left()).toEqual(['a model.gguf'])
  })

  it.each([
    ['less than announced', { bytes: 7 }],
    ['more than announced', { bytes: 5 }],
    ['a connection that breaks', { body: Readable.from(broken()) }],
  ])('%s leaves nothing', async (_, part) => {
    await expect(send(part)).rejects.toThrow(/whole|gone/)
    expect(await left()).toEqual([])
  })

  it('leaves nothing when the page goes away', async () => {
    const leaving = new AbortController()
    async function* slowly() {
      yield Buffer.from('abc')
      leaving.abort()
      await new Promise((resolve) => setTimeout(resolve, 20))
      yield Buffer.from('def')
    }
    await expect(send({ body: Readable.from(slowly()), signal: leaving.signal })).rejects.toMatchObject({
      code: 'FILE_INVALID',
    })
    expect(await left()).toEqual([])
  })

  it.each(['../up.gguf', 'a\\b.gguf', '/etc/x.gguf', '.hidden.gguf', 'program.exe', '', 'a\u0000.gguf'])(
    'takes no file named %j',
    async (name) => {
      await expect(send({ name })).rejects.toMatchObject({ code: 'FILE_INVALID' })
    },
  )

  it('never replaces a file', async () => {
    await send()
    await writeFile(path.join(folder, 'a model.gguf'), 'mine')
    await expect(send()).rejects.toMatchObject({ code: 'BAD_USAGE' })
    expect(await readFile(path.join(folder, 'a model.gguf'), 'utf8')).toBe('mine')
  })

  it('asks for more room than there is: told before a byte is written', async () => {
    await expect(send({ bytes: Number.MAX_SAFE_INTEGER })).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(await left()).toEqual([])
  })
})

async function* broken() {
  yield Buffer.from('abc')
  await Promise.reject(new Error('gone'))
}
