import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { localDisk, type Disk } from '#backend/download/part-file.ts'
import {
  contentOf,
  downloadBench,
  QUICK_LIMITS,
  resultOf,
  type DownloadBench,
} from '#backend/download/testing/download-bench.ts'
import type { FileRequest, HubScript } from '#backend/download/testing/faulty-hub.ts'
import { DEFAULT_SETTINGS } from '#contract/settings.ts'
import type { Download } from '#contract/library.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

const NAME = 'model-Q4_K_M.gguf'
const original = contentOf('original', 350_000)
const CHUNK = QUICK_LIMITS.chunkBytes

let bench: DownloadBench | null = null
afterEach(async () => {
  await bench?.close()
  bench = null
})

async function given(script: Partial<HubScript> = {}): Promise<DownloadBench> {
  bench = await downloadBench({ files: [{ name: NAME, content: original }], ...script }, shippedCatalogue)
  return bench
}

/** Sends the first chunks and then nothing. */
function onlyFirst(chunks: number) {
  return ({ answerWell, range }: FileRequest) => {
    if ((range?.start ?? 0) < chunks * CHUNK) answerWell()
  }
}

/** Waits until a download says this; the newest state it had otherwise ends in the time limit of the test. */
async function until(
  stream: AsyncGenerator<readonly Download[], void>,
  isIt: (download: Download) => boolean,
): Promise<Download> {
  for await (const downloads of stream) {
    const found = downloads.find(isIt)
    if (found !== undefined) return found
  }
  throw new Error('the stream ended')
}

const patient = { limits: { ...QUICK_LIMITS, stallSeconds: 60 } }
const twoChunks = ({ doneBytes }: Download) => doneBytes === 2 * CHUNK

describe('pausing', () => {
  it('goes on where it stopped, in the same app', async () => {
    const { content, hub, open, wish } = await given({ onFile: onlyFirst(2) })
    const downloads = open(patient)
    const { id } = await downloads.start(wish)
    await until(downloads.watch(), twoChunks)
    await downloads.pause(id)
    const paused = await until(downloads.watch(), () => true)
    expect(paused).toMatchObject({
      state: 'paused',
      doneBytes: 2 * CHUNK,
      totalBytes: 350_000,
      problem: null,
    })
    delete hub.script.onFile
    hub.seen.length = 0
    await downloads.resume(id)
    const done = await until(downloads.watch(), ({ state }) => state === 'done')
    expect(done).toMatchObject({ path: path.join(bench!.folder, NAME), doneBytes: 350_000, problem: null })
    expect(original.equals(await content(NAME))).toBe(true)
    const starts = hub.seen.flatMap(({ range }) => /bytes=(\d+)/.exec(range ?? '')?.[1] ?? [])
    expect(starts.map(Number).toSorted((left, right) => left - right)).toEqual(
      [2, 3, 4, 5].map((n) => n * CHUNK),
    )
  })

  it('goes on where it stopped, after the app was killed', async () => {
    const { hub, names, open, userFolder, wish } = await given({ onFile: onlyFirst(2) })
    const script = path.join(import.meta.dirname, 'testing', 'download-in-process.ts')
    const child = spawn(process.execPath, [script, userFolder, hub.address, NAME], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let told = ''
    child.stdout.on('data', (text: Buffer) => (told += text.toString()))
    while (!told.includes(`${2 * CHUNK}\n`)) await sleep(5)
    // Long enough for the state to be written; what is not written is fetched again.
    await sleep(100)
    const blocked = await resultOf(open().run(wish)).catch((error: unknown) => error)
    expect(blocked).toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringContaining(`process ${child.pid}`),
    })
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await names()).not.toContain(NAME)
    // Killed while it wrote its state.
    await writeFile(path.join(bench!.folder, `${NAME}.part.json.1234.tmp`), '{')
    delete hub.script.onFile
    hub.seen.length = 0
    const downloads = open()
    const left = await until(downloads.watch(), () => true)
    expect(left).toMatchObject({ state: 'paused', doneBytes: 2 * CHUNK })
    await downloads.resume(left.id)
    await until(downloads.watch(), ({ state }) => state === 'done')
    expect(original.equals(await bench!.content(NAME))).toBe(true)
    expect(await names()).toEqual([NAME])
    expect(hub.seen.some(({ range }) => range?.startsWith('bytes=0-') === true)).toBe(false)
  })

  it('starts over where the server has another file now', async () => {
    const { content, hub, names, open, wish } = await given({ onFile: onlyFirst(2) })
    const downloads = open(patient)
    const { id } = await downloads.start(wish)
    await until(downloads.watch(), twoChunks)
    await downloads.pause(id)
    const next = contentOf('next', 340_000)
    Object.assign(hub.script, { files: [{ name: NAME, content: next }], onFile: undefined })
    await downloads.resume(id)
    await until(downloads.watch(), ({ state }) => state === 'done')
    expect(next.equals(await content(NAME))).toBe(true)
    expect(await names()).toEqual([NAME])
  })

  it('starts over where only the tag tells that it is another file', async () => {
    const told = { name: NAME, tellsChecksum: false }
    const { content, hub, open, wish } = await given({
      files: [{ ...told, content: original }],
      onFile: onlyFirst(2),
    })
    const downloads = open(patient)
    const { id } = await downloads.start(wish)
    await until(downloads.watch(), twoChunks)
    await downloads.pause(id)
    const next = contentOf('next', 350_000)
    Object.assign(hub.script, { files: [{ ...told, content: next }], onFile: undefined })
    await downloads.resume(id)
    await until(downloads.watch(), ({ state }) => state === 'done')
    expect(next.equals(await content(NAME))).toBe(true)
  })

  it('is what an abort of run does', async () => {
    const { open, wish } = await given({ onFile: onlyFirst(2) })
    const leaving = new AbortController()
    const stream = open(patient).run(wish, leaving.signal)
    for (let step = await stream.next(); ; step = await stream.next()) {
      if (step.done === true) {
        expect(step.value).toMatchObject({ state: 'paused', doneBytes: 2 * CHUNK })
        break
      }
      if (twoChunks(step.value)) leaving.abort()
    }
    expect(await until(open().watch(), () => true)).toMatchObject({ state: 'paused', doneBytes: 2 * CHUNK })
  })
})

describe('cancelling', () => {
  it('removes what was fetched, and then the entry', async () => {
    const { names, open, wish } = await given({ onFile: onlyFirst(2) })
    const downloads = open(patient)
    const { id } = await downloads.start(wish)
    await until(downloads.watch(), twoChunks)
    await downloads.cancel(id)
    expect(await names()).toEqual([])
    expect(await until(downloads.watch(), () => true)).toMatchObject({ state: 'cancelled' })
    await downloads.cancel(id)
    expect((await downloads.watch().next()).value).toEqual([])
    expect((await open().watch().next()).value).toEqual([])
    await expect(downloads.cancel(id)).rejects.toMatchObject({ code: 'UNKNOWN_DOWNLOAD' })
  })

  it('leaves a finished file alone', async () => {
    const { names, open, wish } = await given()
    const downloads = open()
    const { id } = await resultOf(downloads.run(wish))
    await downloads.cancel(id)
    expect(await names()).toEqual([NAME])
  })

  it('takes finished parts of an unfinished model along', async () => {
    const parts = [1, 2].map((n) => ({
      name: `m-0000${n}-of-00002.gguf`,
      content: contentOf(`part ${n}`, 100_000),
    }))
    const { hub, names, open, wish } = await given({ files: parts })
    hub.script.onFile = ({ answerWell, file }) => file === parts[0] && answerWell()
    const downloads = open(patient)
    const { id } = await downloads.start(wish)
    await until(downloads.watch(), ({ doneBytes }) => doneBytes === 100_000)
    while (!(await names()).includes(parts[0]!.name)) await sleep(5)
    await downloads.cancel(id)
    expect(await names()).toEqual([])
  })
})

describe('one file', () => {
  it('asked for twice at once is fetched once', async () => {
    const { hub, open, wish } = await given()
    const downloads = open()
    const [first, second] = await Promise.all([resultOf(downloads.run(wish)), resultOf(downloads.run(wish))])
    expect(first.id).toBe(second.id)
    expect(hub.seen.filter(({ path: asked }) => asked.includes('/resolve/'))).toHaveLength(6)
  })

  it('that is there already is only checked', async () => {
    const { hub, open, wish } = await given()
    await resultOf(open().run(wish))
    hub.seen.length = 0
    expect(await resultOf(open().run(wish))).toMatchObject({ state: 'done' })
    expect(hub.seen.filter(({ path: asked }) => asked.includes('/resolve/'))).toEqual([])
  })

  it('that is there with other bytes is replaced when the right ones are whole', async () => {
    const { content, folder, hub, open, wish } = await given({ onFile: onlyFirst(2) })
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, NAME), contentOf('stale', 350_000))
    await resultOf(open().run(wish)).catch(() => undefined)
    expect(original.equals(await content(NAME))).toBe(false)
    delete hub.script.onFile
    await resultOf(open().run(wish))
    expect(original.equals(await content(NAME))).toBe(true)
  })

  it('in parts is one download', async () => {
    const parts = [1, 2, 3].map((n) => ({
      name: `q8/m-0000${n}-of-00003.gguf`,
      content: contentOf(`part ${n}`, 90_000 + n),
    }))
    const { content, open, wish } = await given({ files: parts })
    const done = await resultOf(open().run({ ...wish, file: parts[1]!.name }))
    expect(done).toMatchObject({ file: parts[0]!.name, totalBytes: 270_006, doneBytes: 270_006 })
    for (const part of parts) expect(part.content.equals(await content(part.name))).toBe(true)
  })

  it('is fetched although a dead process left its lock', async () => {
    const { folder, names, open, wish } = await given()
    await mkdir(folder, { recursive: true })
    const { hostname } = await import('node:os')
    const owner = { pid: 2 ** 22 + 1, host: hostname(), id: 'gone' }
    await writeFile(path.join(folder, `${NAME}.part.lock`), JSON.stringify(owner))
    expect(await resultOf(open().run(wish))).toMatchObject({ state: 'done' })
    expect(await names()).toEqual([NAME])
  })
})

describe('a disk', () => {
  it('that is full in the middle keeps what is there', async () => {
    const { hub, names, open, wish } = await given()
    let room = 3 * CHUNK
    const disk: Disk = {
      ...localDisk,
      async open(file, bytes) {
        const part = await localDisk.open(file, bytes)
        return {
          ...part,
          async write(data, position) {
            if (room < data.length) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
            room -= data.length
            await part.write(data, position)
          },
        }
      },
    }
    await expect(resultOf(open({ disk }).run(wish))).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(await names()).toEqual([`${NAME}.part`, `${NAME}.part.json`])
    hub.seen.length = 0
    expect(await resultOf(open().run(wish))).toMatchObject({ state: 'done' })
    const fetched = hub.seen.filter(({ path: asked }) => asked.includes('/resolve/')).length
    expect(fetched).toBeLessThan(6)
  })

  it('without room is not begun on, with both figures', async () => {
    const { hub, open, wish } = await given()
    const disk = { ...localDisk, freeBytes: () => Promise.resolve(349_999) }
    await expect(resultOf(open({ disk }).run(wish))).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(hub.seen.filter(({ path: asked }) => asked.includes('/resolve/'))).toEqual([])
  })

  it('that others fill stops it before it is full', async () => {
    const { hub, open, wish } = await given({ onFile: onlyFirst(2) })
    let free = 10 ** 9
    const disk = { ...localDisk, freeBytes: () => Promise.resolve(free) }
    const downloads = open({ disk, limits: { ...patient.limits, reservedBytes: 1000 } })
    await downloads.start(wish)
    await until(downloads.watch(), twoChunks)
    free = 999
    const failed = await until(downloads.watch(), ({ state }) => state === 'failed')
    expect(failed).toMatchObject({ doneBytes: 2 * CHUNK, problem: { code: 'DISK_FULL' } })
    free = 10 ** 9
    delete hub.script.onFile
    await downloads.resume(failed.id)
    await until(downloads.watch(), ({ state }) => state === 'done')
  })
})

describe('a license', () => {
  it.each([
    ['apache-2.0', false, false],
    ['llama3.1', false, true],
    ['nobody-knows-it', false, true],
    ['apache-2.0', 'manual', true],
    [undefined, false, false],
  ])('%s, gated %s: must be accepted %s', async (license, gated, mustAccept) => {
    const { open, wish } = await given({ gated, ...(license === undefined ? {} : { license }) })
    const downloads = open()
    expect(await downloads.files(wish)).toMatchObject({
      license: license ?? null,
      mustAccept,
      gated: gated !== false,
    })
    const refused = await downloads.start(wish).catch((error: unknown) => error)
    if (mustAccept) expect(refused).toMatchObject({ code: 'LICENSE_NOT_ACCEPTED' })
    else expect(refused).toMatchObject({ state: 'running' })
    expect(await downloads.start({ ...wish, acceptLicense: true })).toMatchObject({ file: NAME })
  })
})

describe('a list', () => {
  it('has the GGUF files whose names are safe, with parts as one', async () => {
    const content = contentOf('x', 64)
    const names = [
      'README.md',
      '../../evil.gguf',
      '/etc/evil.gguf',
      String.raw`a\evil.gguf`,
      'NUL.gguf',
      'line\nbreak.gguf',
      'turned\u202efugg.gguf',
      'Q8_0/m-Q8_0-00002-of-00002.gguf',
      'Q8_0/m-Q8_0-00001-of-00002.gguf',
      'half-00001-of-00002.gguf',
      'adapter.gguf',
    ]
    const { folder, open, wish } = await given({ files: names.map((name) => ({ name, content })) })
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'adapter.gguf'), content)
    const { files, revision } = await open().files(wish)
    expect(revision).toBe('main')
    expect(files).toEqual([
      {
        file: 'Q8_0/m-Q8_0-00001-of-00002.gguf',
        shards: 2,
        fileBytes: 128,
        sha256: [expect.stringMatching(/^[\da-f]{64}$/), expect.stringMatching(/^[\da-f]{64}$/)],
        quantizationId: 'Q8_0',
        isHere: false,
      },
      expect.objectContaining({ file: 'adapter.gguf', shards: 1, quantizationId: null, isHere: true }),
    ])
    await expect(open().start({ ...wish, file: '../../evil.gguf' })).rejects.toMatchObject({
      code: 'REMOTE_NOT_FOUND',
    })
    await expect(open().files({ repository: '../..', revision: null })).rejects.toMatchObject({
      code: 'REMOTE_NOT_FOUND',
    })
  })
})

describe('a proxy', () => {
  it('of the settings carries every request', async () => {
    const { hub, names, open, wish } = await given()
    const carried: (string | undefined)[] = []
    const proxy = http.createServer((request, response) => {
      carried.push(request.url)
      http.get(request.url ?? '', { headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      })
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const settings = {
      read: () =>
        Promise.resolve({ ...DEFAULT_SETTINGS, downloads: { mirror: hub.address, proxy: address } }),
    }
    expect(await resultOf(open({ settings }).run(wish))).toMatchObject({ state: 'done' })
    expect(await names()).toEqual([NAME])
    expect(carried).toHaveLength(hub.seen.length)
    proxy.closeAllConnections()
    await new Promise((resolve) => proxy.close(resolve))
  })
})

it('tells what it waits for while it tries again', async () => {
  const { open, wish } = await given({ onFile: ({ response }) => void response.writeHead(503).end() })
  const downloads = open({ limits: { ...QUICK_LIMITS, retryDelaySeconds: () => 60, longestWaitSeconds: 60 } })
  await downloads.start(wish)
  const waiting = await until(downloads.watch(), ({ problem }) => problem !== null)
  expect(waiting).toMatchObject({ state: 'running', problem: { code: 'SERVER_REFUSED' } })
})

it('keeps the token out of everything it writes', async () => {
  const { names, open, userFolder, wish } = await given({ onFile: onlyFirst(2) })
  const downloads = open({ ...patient, token: () => Promise.resolve('hf_secret') })
  const { id } = await downloads.start(wish)
  await until(downloads.watch(), twoChunks)
  await downloads.pause(id)
  expect(await names()).toContain(`${NAME}.part.json`)
  const files = [
    path.join(bench!.folder, `${NAME}.part.json`),
    path.join(userFolder, 'downloads', `${id}.json`),
  ]
  for (const file of files) expect(await readFile(file, 'utf8')).not.toContain('hf_secret')
})

it('does not believe a state that is not what it wrote', async () => {
  const { folder, open, wish } = await given()
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, `${NAME}.part`), contentOf('junk', 350_000))
  const lies = {
    fileBytes: 350_000,
    sha256: null,
    tag: 'x',
    chunkBytes: CHUNK,
    doneBytes: [1, 2, 3, 4, 5, 1e9],
  }
  await writeFile(path.join(folder, `${NAME}.part.json`), JSON.stringify(lies))
  expect(await resultOf(open().run(wish))).toMatchObject({ state: 'done' })
  expect(original.equals(await bench!.content(NAME))).toBe(true)
})
