import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPageFile } from './page-file.ts'

let folder = ''
let page = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-page-'))
  page = path.join(folder, 'page')
  await mkdir(path.join(page, 'assets', 'folder.css'), { recursive: true })
  await writeFile(path.join(page, 'index.html'), '')
  await writeFile(path.join(page, 'assets', 'main-1a.css'), '')
  await writeFile(path.join(page, 'icon.svg'), '')
  await writeFile(path.join(folder, 'secret.json'), '')
})
afterAll(() => rm(folder, { recursive: true }))

describe('findPageFile', () => {
  it.each(['/', '/index.html', '/models', '/models/Qwen/Qwen3-0.6B', '/plan/a%20b', '/machine/'])(
    'answers the page for its own addresses: %s',
    async (url) => {
      expect(await findPageFile(page, url)).toEqual({ kind: 'index' })
    },
  )

  it('finds built files, and knows which never change', async () => {
    expect(await findPageFile(page, '/assets/main-1a.css')).toEqual({
      kind: 'file',
      file: path.join(page, 'assets', 'main-1a.css'),
      mime: 'text/css; charset=utf-8',
      immutable: true,
    })
    expect(await findPageFile(page, '/icon.svg')).toMatchObject({ mime: 'image/svg+xml', immutable: false })
  })

  it.each(['/assets/gone.js', '/assets/folder.css', '/favicon.ico'])('has nothing at %s', async (url) => {
    expect(await findPageFile(page, url)).toEqual({ kind: 'missing' })
  })

  it.each([
    '/../secret.json',
    '/assets/../../secret.json',
    '/..%2Fsecret.json',
    '/%2e%2e%2fsecret.json',
    '/..\\secret.json',
    '/a%00.css',
    '/%zz',
    'secret.json',
    '',
  ])('refuses %s', async (url) => {
    expect(await findPageFile(page, url)).toEqual({ kind: 'forbidden' })
  })

  it('never finds a file outside its folder', async () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2f',
      '/',
      '\\',
      '%5c',
      'assets',
      'secret.json',
      '%00',
      '%252e',
      'page',
    )
    const outside: string[] = []
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const found = await findPageFile(page, `/${parts.join('')}`)
        if (found.kind === 'file' && !found.file.startsWith(page + path.sep)) outside.push(found.file)
      }),
    )
    expect(outside).toEqual([])
  })
})
