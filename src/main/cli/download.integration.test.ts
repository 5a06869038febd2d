import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startFaultyHub, type FaultyHub } from '#backend/download/testing/faulty-hub.ts'
import { runInProcess } from './fixtures/run-in-process.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { parseHubName } from './input/parse-hub-name.ts'
import { downloadListOutputSchema, downloadOutputSchema } from './schema/download-schema.ts'
import { downloadProgressText } from './text/download-text.ts'

const content = Buffer.from('not really a model, and nobody asks here')
const names = ['Qwen3-8B-Q4_K_M.gguf', 'Qwen3-8B-Q8_0.gguf', 'mmproj-Q8_0.gguf']
let hub: FaultyHub
let userFolder = ''

beforeEach(async () => {
  hub = await startFaultyHub({ license: 'apache-2.0', files: names.map((name) => ({ name, content })) })
  userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-download-cli-'))
})
afterEach(async () => {
  await hub.close()
  await rm(userFolder, { recursive: true })
})

const run = (...args: readonly string[]) =>
  runInProcess(['download', ...args, '--mirror', hub.address], { userFolder })

it('fetches the recommended quantization of a model, and says what it checked', async () => {
  const { exitCode, stderr, stdout } = await run('qwen3-8b')
  expect(exitCode).toBe(0)
  const file = stdout.split('\n')[0] ?? ''
  expect(path.basename(file)).toBe('Qwen3-8B-Q4_K_M.gguf')
  expect(content.equals(await readFile(file))).toBe(true)
  expect(stdout).toContain('SHA-256')
  expect(stderr).toMatch(/^Fetching Qwen3-8B-Q4_K_M\.gguf of .*, license apache-2\.0: http/)
})

it('fetches what is named, and answers as the schema says', async () => {
  const { exitCode, stdout } = await run('hf:org/repo', '--quant', 'q8_0', '--json')
  expect(exitCode).toBe(0)
  const answer = downloadOutputSchema.strict().parse(JSON.parse(stdout))
  expect(answer).toMatchObject({ repository: 'org/repo', file: 'Qwen3-8B-Q8_0.gguf', checked: 'sha256' })
})

it('lists where no file is named', async () => {
  const { stdout } = await run('hf:org/repo', '--json')
  const { files } = downloadListOutputSchema.strict().parse(JSON.parse(stdout))
  expect(files.map(({ file, fileBytes }) => [file, fileBytes])).toEqual(
    names.map((name) => [name, content.length]),
  )
  const text = await run('hf:org/repo')
  for (const name of names) expect(text.stdout).toContain(name)
  const listed = await run('qwen3-8b', '--list')
  expect(listed.stdout).toContain('Fetch one: inhouse download hf:')
})

it('wants a license accepted before it fetches', async () => {
  hub.script.license = 'llama3.1'
  const refused = await run(`hf:org/repo/${names[0]}`)
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).toContain('--accept-license')
  expect((await run(`hf:org/repo/${names[0]}`, '--accept-license')).exitCode).toBe(0)
})

it('pauses at Ctrl-C, and goes on with the same command', async () => {
  hub.script.onFile = ({ response }) => void response.writeHead(200).write(content.subarray(0, 10))
  const entry = path.resolve(import.meta.dirname, '..', 'cli.ts')
  const args = ['download', `hf:org/repo/${names[0]}`, '--mirror', hub.address]
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, INHOUSE_DATA_DIR: userFolder },
  })
  let stderr = ''
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
  while (!hub.seen.some(({ path: asked }) => asked.includes('/resolve/'))) await sleep(5)
  child.kill('SIGINT')
  const [exitCode] = (await once(child, 'exit')) as [number | null]
  expect(exitCode).toBe(1)
  expect(stderr).toContain('Paused: ')
  expect(stderr).toContain(`inhouse download hf:org/repo/${names[0]}`)
  delete hub.script.onFile
  expect((await run(`hf:org/repo/${names[0]}`)).exitCode).toBe(0)
})

it.each([
  ['hf:org', 2, 'names no repository'],
  ['no-such-model-at-all', 2, 'No model of the catalogue'],
  ['hf:org/repo/no.gguf', 1, '--list'],
])('says what is wrong with %s', async (what, exitCode, words) => {
  const result = await run(what)
  expect(result.exitCode).toBe(exitCode)
  expect(result.stderr).toContain(words)
})

it('says what to search for where the catalogue names no repository', async () => {
  const without = shippedCatalogue.models.find(({ ggufRepository }) => ggufRepository === null)
  const { exitCode, stderr } = await run(without?.id ?? '')
  expect(exitCode).toBe(1)
  expect(stderr).toContain('Search the hub for')
})

it.each([
  ['hf:org/name', { repository: 'org/name', revision: null }, null],
  ['hf:org/name/a/b.gguf#v1', { repository: 'org/name', revision: 'v1' }, 'a/b.gguf'],
  ['https://huggingface.co/org/name', { repository: 'org/name', revision: null }, null],
  [
    'https://huggingface.co/org/name/blob/main/a%20b.gguf',
    { repository: 'org/name', revision: 'main' },
    'a b.gguf',
  ],
  ['https://hf.co/org/name/tree/v1?x=1', { repository: 'org/name', revision: 'v1' }, null],
])('reads %s', (text, wish, file) => {
  expect(parseHubName(text)).toEqual({ wish, file })
})

it('shows speed and time left, or what it waits for', () => {
  const download = {
    id: 'x',
    repository: 'org/repo',
    file: 'a.gguf',
    state: 'running',
    totalBytes: 4.92e9,
    doneBytes: 1.23e9,
    bytesPerSecond: 25.4e6,
    secondsLeft: 120,
    problem: null,
    path: null,
  } as const
  expect(downloadProgressText(download)).toBe('25 % · 1.23 GB of 4.92 GB · 25.4 MB/s · 2 min left')
  const problem = { code: 'NETWORK_FAILED', message: 'hub has sent nothing for 30 s.', nextStep: '' }
  expect(downloadProgressText({ ...download, problem })).toBe(
    '25 % · 1.23 GB of 4.92 GB · trying again: hub has sent nothing for 30 s.',
  )
})
