import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import {
  delta,
  DONE,
  events,
  finish,
  scriptedServer,
  status,
  type ScriptedServer,
} from '#backend/endpoint/testing/scripted-server.ts'
import { settingsFile } from '#backend/store/settings-file.ts'
import { runInProcess } from './fixtures/run-in-process.ts'
import { chatOutputSchema } from './schema/chat-schema.ts'

let userFolder: string
let server: ScriptedServer
beforeAll(async () => {
  userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-cli-chat-'))
  server = await scriptedServer()
  vi.stubEnv('INHOUSE_API_KEY', 'sk-from-environment')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await server.close()
  await rm(userFolder, { recursive: true })
})

const inhouse = (args: readonly string[], stdin?: string) =>
  runInProcess(['chat', ...args], { userFolder, ...(stdin === undefined ? {} : { stdin }) })

describe('inhouse chat with the pilot', () => {
  it('streams nothing but the answer, and its numbers beside', async () => {
    const { exitCode, stderr, stdout } = await inhouse([], 'What is LoRA?\n')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/LoRA/)
    expect(stdout.endsWith('\n')).toBe(true)
    expect(stderr).toMatch(/^\d+ tokens, [\d,.]+ tok\/s, first after [\d.]+ s; .*predict.*\n$/)
  })

  it('answers in JSON as its schema says', async () => {
    const args = ['--prompt', 'What is LoRA?', '--temperature', '0', '--max-tokens', '8', '--json']
    const { exitCode, stderr, stdout } = await inhouse(args)
    expect([exitCode, stderr]).toEqual([0, ''])
    const output = chatOutputSchema.parse(JSON.parse(stdout))
    expect(output).toEqual(JSON.parse(stdout))
    expect(output).toMatchObject({
      name: 'the pilot',
      kind: 'pilot',
      stopReason: 'max-tokens',
      tokens: { value: 8, basis: 'measured' },
    })
    expect(output.memory.resident.value).toBeGreaterThan(0)
  })
})

describe('inhouse chat with an endpoint', () => {
  const endpoint = () => ['--endpoint', server.endpoint.url, '--model', 'llama3.2', '--prompt', 'Hi']

  it('asks it, with the key of the environment and what was chosen', async () => {
    server.answer(
      events(
        delta('Hi \u001b[2J'),
        delta('you'),
        finish('stop', { usage: { prompt_tokens: 3, completion_tokens: 2 } }),
        DONE,
      ),
    )
    const schema = path.join(userFolder, 'schema.json')
    await writeFile(schema, '{ "type": "object" }')
    const { exitCode, stderr, stdout } = await inhouse([
      ...endpoint(),
      '--system',
      'Be brief.',
      '--seed',
      '7',
      '--json-schema',
      schema,
    ])
    expect([exitCode, stdout]).toEqual([0, 'Hi \ufffd[2Jyou\n'])
    expect(stderr).toMatch(/^2 tokens, first after /)
    expect(server.seen[0]).toMatchObject({
      authorization: 'Bearer sk-from-environment',
      body: {
        seed: 7,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
        ],
        response_format: { json_schema: { schema: { type: 'object' } } },
      },
    })
  })

  it('says in JSON what it is not told', async () => {
    server.answer(events(delta('Hi'), finish(), DONE))
    const { stdout } = await inhouse([...endpoint(), '--json'])
    const output = chatOutputSchema.parse(JSON.parse(stdout))
    expect(output).toEqual(JSON.parse(stdout))
    expect(output).toMatchObject({
      kind: 'endpoint',
      text: 'Hi',
      engine: null,
      tokens: { value: null },
      usd: { value: null },
    })
  })

  it('fails with words and without the key', async () => {
    server.answer(status(401, { error: { message: 'Bad key sk-from-environment' } }))
    const { exitCode, stderr, stdout } = await inhouse(endpoint())
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/does not accept this key/)
    expect(stderr).not.toContain('sk-from-environment')
  })
})

describe('inhouse chat --against an endpoint', () => {
  const compare = (...more: readonly string[]) => {
    server.answer(
      events(delta('Hi'), finish('stop', { usage: { prompt_tokens: 3, completion_tokens: 1000 } }), DONE),
    )
    const against = ['--against', server.endpoint.url, '--against-model', 'gpt-5']
    return inhouse(['--prompt', 'What is LoRA?', ...against, ...more])
  }

  it('asks both the same, and sets speed and cost side by side', async () => {
    const prices = { usdPerMillionInputTokens: 0, usdPerMillionOutputTokens: 10 }
    await settingsFile(userFolder).change({ endpoints: [{ ...server.endpoint, ...prices }] })
    const { exitCode, stdout } = await compare()
    expect(exitCode).toBe(0)
    const { host } = new URL(server.endpoint.url)
    expect(stdout).toContain(`gpt-5 at ${host}\nHi\n`)
    expect(stdout).toMatch(/the pilot\n[^]*LoRA/)
    expect(stdout).toMatch(/Answer +\d+ tokens +1,000 tokens/)
    expect(stdout).toMatch(/Charged +not known +0\.01 USD/)
    expect(server.seen[0]?.authorization).toBeNull()
  })

  it('answers in JSON as its schema says', async () => {
    const { stdout } = await compare('--json', '--max-tokens', '4')
    const outputs = z.array(chatOutputSchema).parse(JSON.parse(stdout))
    expect(outputs.map(({ kind }) => kind)).toEqual(['pilot', 'endpoint'])
  })
})

describe('inhouse chat refuses', () => {
  it.each([
    [['--prompt', ' '], /Nothing was asked/],
    [['--prompt', 'Hi', '--endpoint', 'http://127.0.0.1:1/v1'], /Name one of them with --model/],
    [['--prompt', 'Hi', '--temperature', '9'], /temperature must be a number from 0 to 5/],
    [['--prompt', 'Hi', '--json-schema', 'no-such-file.json'], /no such file/],
    [['--prompt', 'Hi', '--against', 'http://127.0.0.1:1/v1'], /Give --against and --against-model/],
    [['--against', 'http://127.0.0.1:1/v1', '--against-model', 'x'], /Say it with --prompt/],
    [[], /Nothing was asked/],
  ])('%j', async (args, words) => {
    const { exitCode, stderr } = await inhouse(args)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(words)
  })
})
