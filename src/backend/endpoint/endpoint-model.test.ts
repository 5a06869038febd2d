import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listEndpointModels, openEndpointModel } from '#backend/endpoint/endpoint-model.ts'
import {
  begun,
  delta,
  DONE,
  events,
  finish,
  scriptedServer,
  status,
  type Script,
  type ScriptedServer,
} from '#backend/endpoint/testing/scripted-server.ts'
import type { ChatAnswer, ChatUpdate } from '#contract/chatting.ts'
import type { Endpoint } from '#contract/endpoints.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { DEFAULT_CHAT_SETTINGS, type ChatSettings } from '#core/chat/chat-settings.ts'

let server: ScriptedServer
let other: ScriptedServer
beforeAll(async () => {
  server = await scriptedServer()
  other = await scriptedServer()
})
afterAll(() => Promise.all([server.close(), other.close()]))

const KEY = 'sk-test-0123456789'
const USAGE = { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 }

interface Asked {
  readonly settings?: Partial<ChatSettings>
  readonly endpoint?: Partial<Endpoint>
  readonly key?: string | null
  readonly patienceSeconds?: number
  readonly signal?: AbortSignal
  readonly onUpdate?: (update: ChatUpdate) => void
}

function model({ endpoint, key = null, patienceSeconds = 30 }: Asked = {}) {
  return openEndpointModel({
    endpoint: { ...server.endpoint, ...endpoint },
    model: 'qwen3:8b',
    key: async () => key,
    patience: { firstSeconds: patienceSeconds, nextSeconds: patienceSeconds },
  })
}

async function ask(asked: Asked = {}, opened = model(asked)): Promise<ChatAnswer> {
  const messages = [{ role: 'user', text: 'Hello' }] as const
  const settings = { ...DEFAULT_CHAT_SETTINGS, ...asked.settings }
  const answer = opened.chat({ messages, settings }, asked.signal)
  for (;;) {
    const step = await answer.next()
    if (step.done === true) return step.value
    asked.onUpdate?.(step.value)
  }
}

async function refusal(script: Script, asked: Asked = {}): Promise<InhouseError> {
  server.answer(script)
  const error: unknown = await ask(asked).catch((thrown: unknown) => thrown)
  if (!(error instanceof InhouseError))
    throw new Error(`not refused: ${JSON.stringify(error)}`, { cause: error })
  return error
}

describe('the streams of', () => {
  it.each<[name: string, script: Script, text: string, thought: string | null, tokens: number | null]>([
    [
      'Ollama',
      events(
        delta('', { delta: { role: 'assistant', content: '', reasoning: 'Hm' } }),
        delta('', { delta: { role: 'assistant', content: '', reasoning: '.' } }),
        delta('Hi'),
        delta(' you'),
        finish('stop'),
        { object: 'chat.completion.chunk', choices: [], usage: USAGE },
        DONE,
      ),
      'Hi you',
      'Hm.',
      3,
    ],
    [
      'llama-server',
      events(
        delta('', { delta: { role: 'assistant', content: null } }),
        delta('', { delta: { reasoning_content: 'Hm.' } }),
        delta('Hi you'),
        { ...finish('stop'), timings: { predicted_per_second: 90 } },
        { choices: [], usage: USAGE, timings: {} },
        DONE,
      ),
      'Hi you',
      'Hm.',
      3,
    ],
    [
      'vLLM',
      events(
        delta('', { delta: { role: 'assistant', content: '' } }),
        delta('', { delta: { reasoning: 'Hm.', reasoning_content: 'Hm.' } }),
        delta('Hi you'),
        delta('', { finish_reason: 'stop', stop_reason: null }),
        { choices: [], usage: { ...USAGE, prompt_tokens_details: null } },
        DONE,
      ),
      'Hi you',
      'Hm.',
      3,
    ],
    [
      'LM Studio',
      events(
        delta('<think>'),
        delta('\nHm.'),
        delta('\n</thi'),
        delta('nk>\n\nHi'),
        delta(' you'),
        finish('stop'),
        DONE,
      ),
      'Hi you',
      '\nHm.\n',
      null,
    ],
    [
      'OpenAI',
      events(
        delta('', { delta: { role: 'assistant', content: '', refusal: null }, logprobs: null }),
        delta('Hi you'),
        finish('stop', { usage: null, obfuscation: 'xyz' }),
        { choices: [], usage: { ...USAGE, prompt_tokens_details: { cached_tokens: 8 } } },
        DONE,
      ),
      'Hi you',
      null,
      3,
    ],
    [
      'OpenRouter',
      events(
        ': OPENROUTER PROCESSING\n\n',
        ': OPENROUTER PROCESSING\n\n',
        delta('Hi you'),
        finish('stop', { usage: USAGE }),
        DONE,
      ),
      'Hi you',
      null,
      3,
    ],
    [
      'Mistral',
      events(
        delta('', { delta: { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] } }),
        delta('', { delta: { content: [{ type: 'text', text: 'Hi you' }] } }),
        finish('stop', { usage: USAGE }),
        DONE,
      ),
      'Hi you',
      'Hm.',
      3,
    ],
    [
      'a server with other line ends and no last empty line',
      events(
        `data:${JSON.stringify(delta('Hi you'))}\r\n\r\n`,
        `data: ${JSON.stringify(finish('stop'))}\r\n\r\n`,
        'data: [DONE]',
      ),
      'Hi you',
      null,
      null,
    ],
    [
      'a server that ends without its goodbye',
      begun([delta('Hi you'), finish('stop')], (response) => response.destroy()),
      'Hi you',
      null,
      null,
    ],
    [
      'a server that does not stream',
      status(200, { choices: [{ message: { content: 'Hi you' }, finish_reason: 'stop' }], usage: USAGE }),
      'Hi you',
      null,
      3,
    ],
  ])('%s are understood', async (_, script, text, thought, tokens) => {
    server.answer(script)
    const answer = await ask()
    expect(answer).toMatchObject({ text, thought })
    expect(answer.generation).toMatchObject({ stopReason: 'end-of-turn', generatedTokens: tokens })
  })
})

it('asks for what was set, and for the usage', async () => {
  server.answer(events(delta('x'), finish(), DONE))
  const sampling = { ...DEFAULT_CHAT_SETTINGS.sampling, seed: 7, repeatPenalty: 1.1 }
  await ask({
    settings: { system: 'Be brief.', sampling, maxTokens: 5, jsonSchema: '{"type":"object"}' },
    key: KEY,
  })
  expect(server.seen).toEqual([
    {
      method: 'POST',
      path: '/v1/chat/completions',
      authorization: `Bearer ${KEY}`,
      body: {
        model: 'qwen3:8b',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hello' },
        ],
        stream: true,
        stream_options: { include_usage: true },
        temperature: 0.8,
        top_p: 0.95,
        top_k: 40,
        min_p: 0.05,
        repeat_penalty: 1.1,
        repetition_penalty: 1.1,
        seed: 7,
        max_tokens: 5,
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'answer', strict: true, schema: { type: 'object' } },
        },
      },
    },
  ])
})

it('leaves out what a server refuses by name, and remembers that', async () => {
  server.answer(
    status(400, { error: { message: 'Unrecognized request argument supplied: top_k', param: null } }),
    status(422, {
      detail: [{ type: 'extra_forbidden', loc: ['body', 'min_p'], msg: 'Extra inputs are not permitted' }],
    }),
    status(400, {
      error: {
        message:
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        param: 'max_tokens',
      },
    }),
    status(400, {
      error: {
        message: "Unsupported value: 'temperature' does not support 0.8 with this model.",
        param: 'temperature',
      },
    }),
    events(delta('x'), finish(), DONE),
  )
  const opened = model()
  const asked = { settings: { maxTokens: 5 } }
  expect((await ask(asked, opened)).text).toBe('x')
  expect(server.seen).toHaveLength(5)
  expect((await ask(asked, opened)).text).toBe('x')
  expect(server.seen).toHaveLength(6)
  expect(Object.keys(server.seen[5]!.body!).toSorted()).toEqual([
    'max_completion_tokens',
    'messages',
    'model',
    'stream',
    'stream_options',
    'top_p',
  ])
})

it('gives up where a server refuses the same again and again', async () => {
  const error = await refusal(status(400, { error: { message: 'temperature must be 3' } }))
  expect(error).toMatchObject({
    code: 'CHAT_REFUSED',
    message: expect.stringContaining('temperature must be 3'),
  })
  expect(server.seen).toHaveLength(2)
})

describe('numbers', () => {
  it('come from the usage, the clock and the typed prices', async () => {
    const usage = {
      prompt_tokens: 1000,
      completion_tokens: 500,
      prompt_tokens_details: { cached_tokens: 900 },
      completion_tokens_details: { reasoning_tokens: 0 },
    }
    server.answer(
      begun(
        [delta('a')],
        (response) =>
          void setTimeout(
            () =>
              response.end(
                `data: ${JSON.stringify(delta('b'))}\n\ndata: ${JSON.stringify(finish('length', { usage }))}\n\n${DONE}`,
              ),
            60,
          ),
      ),
    )
    const { generation } = await ask({
      endpoint: { usdPerMillionInputTokens: 2, usdPerMillionOutputTokens: 10 },
    })
    expect(generation).toMatchObject({
      model: `qwen3:8b at ${new URL(server.endpoint.url).host}`,
      stopReason: 'max-tokens',
      promptTokens: 1000,
      reusedTokens: 900,
      generatedTokens: 500,
      contextUsedTokens: 1500,
      prefillTokensPerSecond: null,
      memory: null,
      usd: (1000 * 2 + 500 * 10) / 1e6,
    })
    const betweenSeconds = 499 / generation.decodeTokensPerSecond!
    expect(betweenSeconds).toBeGreaterThan(0.05)
    expect(generation.timeToFirstTokenSeconds).toBeGreaterThan(0)
  })

  it('are none where the server says none, and an answer at once has no speed', async () => {
    server.answer(events(delta('a'), delta('b'), finish(), DONE))
    const prices = { usdPerMillionInputTokens: 2, usdPerMillionOutputTokens: 10 }
    expect((await ask({ endpoint: prices })).generation).toMatchObject({
      promptTokens: null,
      generatedTokens: null,
      decodeTokensPerSecond: null,
      usd: null,
    })
    server.answer(events(delta('a'), delta('b'), finish('stop', { usage: USAGE }), DONE))
    expect((await ask()).generation).toMatchObject({ decodeTokensPerSecond: null, usd: null })
  })
})

describe('stopping', () => {
  it('keeps what there is, and lets the connection go', async () => {
    const stop = new AbortController()
    const left = Promise.withResolvers<void>()
    server.answer(begun([delta('Hi')], (response) => response.on('close', () => left.resolve())))
    const answer = await ask({ signal: stop.signal, onUpdate: () => stop.abort() })
    expect(answer).toMatchObject({ text: 'Hi', generation: { stopReason: 'stopped', generatedTokens: null } })
    await left.promise
  })

  it('before the first word is an empty answer', async () => {
    const stop = new AbortController()
    server.answer(() => stop.abort())
    expect(await ask({ signal: stop.signal })).toMatchObject({
      text: '',
      generation: { stopReason: 'stopped' },
    })
  })

  it('is done by whoever leaves the stream, too', async () => {
    const left = Promise.withResolvers<void>()
    server.answer(begun([delta('Hi')], (response) => response.on('close', () => left.resolve())))
    const messages = [{ role: 'user', text: 'Hello' }] as const
    for await (const _ of model().chat({ messages, settings: DEFAULT_CHAT_SETTINGS })) break
    await expect(left.promise).resolves.toBeUndefined()
  })
})

it('is listened to until it is closed or left, and tells nothing', async () => {
  const opened = model()
  const listening = opened.live(new AbortController().signal).next()
  opened.close()
  expect(await listening).toEqual({ done: true, value: undefined })
  expect(await model().live(AbortSignal.abort()).next()).toEqual({ done: true, value: undefined })
})

describe('what goes wrong', () => {
  const says = (message: string) => ({ error: { message } })

  it.each<[script: Script, code: string, words: RegExp]>([
    [status(401, says('no')), 'ACCESS_DENIED', /wants a key.*says: no/],
    [status(403, says('no')), 'ACCESS_DENIED', /wants a key/],
    [
      status(404, { error: { message: 'model "qwen3:8b" not found', code: 'model_not_found' } }),
      'REMOTE_NOT_FOUND',
      /has no model "qwen3:8b" \(asked at http:\/\/127.0.0.1:\d+\/v1\/chat\/completions\)/,
    ],
    [
      status(404, '<h1>404</h1>'),
      'REMOTE_NOT_FOUND',
      /nothing at http:\/\/127.0.0.1:\d+\/v1\/chat\/completions/,
    ],
    [status(429, says('slow down'), { 'retry-after': '17' }), 'RATE_LIMITED', /Try again in 17 s/],
    [status(429, says('slow down'), { 'retry-after': 'soon' }), 'RATE_LIMITED', /Try again later/],
    [status(500, says('CUDA error')), 'SERVER_REFUSED', /status 500.*CUDA error/],
    [
      status(503, { error: { message: 'Loading model', type: 'unavailable_error', code: 503 } }),
      'SERVER_REFUSED',
      /Loading model/,
    ],
    [
      status(400, {
        error: {
          code: 400,
          message: 'the request exceeds the available context size',
          type: 'exceed_context_size_error',
        },
      }),
      'CHAT_REFUSED',
      /longer than qwen3:8b .* can hold/,
    ],
    [
      status(400, {
        object: 'error',
        message: "This model's maximum context length is 4096 tokens; max_completion_tokens is too large",
      }),
      'CHAT_REFUSED',
      /longer than/,
    ],
    [events(delta('Hi'), says('out of memory'), DONE), 'SERVER_REFUSED', /broke off.*out of memory/],
    [
      events(delta('Hi'), `event: error\ndata: ${JSON.stringify(says('gone'))}\n\n`),
      'SERVER_REFUSED',
      /broke off.*gone/,
    ],
    [
      events(delta('Hi'), `error: ${JSON.stringify({ message: 'slot lost' })}\n\n`),
      'SERVER_REFUSED',
      /slot lost/,
    ],
    [events({ object: 'error', message: 'bad', code: 400 }), 'SERVER_REFUSED', /bad/],
    [events(delta('Hi')), 'NETWORK_FAILED', /middle of the answer/],
    [begun([delta('Hi')], (response) => response.destroy()), 'NETWORK_FAILED', /middle of the answer/],
    [(response) => response.destroy(), 'NETWORK_FAILED', /cannot be reached/],
    [status(200, '<!doctype html><title>Router</title>'), 'SERVER_REFUSED', /with a web page/],
    [status(200, { models: [] }), 'SERVER_REFUSED', /something else than a chat/],
    [status(200, {}, { 'content-type': 'application/x-ndjson' }), 'SERVER_REFUSED', /application\/x-ndjson/],
    [events('data: {broken\n\n'), 'SERVER_REFUSED', /something else than a chat/],
    [events(`data: ${'x'.repeat(1_100_000)}`), 'SERVER_REFUSED', /line without an end/],
    [events(delta('Hi'), finish('content_filter')), 'CHAT_REFUSED', /filtered/],
    [events(delta('Hi'), finish('error'), DONE), 'SERVER_REFUSED', /broke off/],
  ])('is told in words (%#)', async (script, code, words) => {
    const error = await refusal(script)
    expect(error.code).toBe(code)
    expect(`${error.message} ${error.nextStep}`).toMatch(words)
  })

  it.each([
    ['before the first word', () => undefined],
    ['after it', begun([delta('Hi')])],
  ])('is told where a server falls silent %s', async (_, script) => {
    const error = await refusal(script, { patienceSeconds: 0.1 })
    expect(error).toMatchObject({
      code: 'NETWORK_FAILED',
      message: expect.stringContaining('nothing for 0.1 s'),
    })
  })

  it('is told where no server runs', async () => {
    const gone = await scriptedServer()
    await gone.close()
    const error = await refusal(() => undefined, { endpoint: { url: gone.endpoint.url } })
    expect(error).toMatchObject({
      code: 'NETWORK_FAILED',
      message: `No server runs at ${new URL(gone.endpoint.url).host}.`,
      nextStep: expect.stringContaining('ollama serve'),
    })
  })

  it('is told where a JSON schema is refused or is none', async () => {
    const settings = { jsonSchema: '{"type":"object"}' }
    const refused = await refusal(status(400, says("Invalid schema for response_format 'answer'")), {
      settings,
    })
    expect(refused).toMatchObject({
      code: 'CHAT_REFUSED',
      message: expect.stringContaining("Invalid schema for response_format 'answer'"),
    })
    const broken = await refusal(status(500, says('not asked')), { settings: { jsonSchema: '{"type"' } })
    expect(broken).toMatchObject({ code: 'CHAT_REFUSED', message: 'The JSON schema is no JSON object.' })
  })

  it('never reaches a terminal with control characters', async () => {
    const error = await refusal(status(500, says('\u001b[2Jbad\u202e')))
    // oxlint-disable-next-line no-control-regex -- that is the point
    expect(error.message).not.toMatch(/[\u0000-\u001f\u202e]/)
  })
})

describe('the key', () => {
  it('does not follow a redirection, and the answer there is not read', async () => {
    other.answer(events(delta('stolen'), finish(), DONE))
    const error = await refusal(status(307, {}, { location: `${other.endpoint.url}/chat/completions` }), {
      key: KEY,
    })
    expect(error).toMatchObject({
      code: 'SERVER_REFUSED',
      message: expect.stringContaining('does not follow'),
    })
    expect(other.seen).toEqual([])
  })

  it('is not in the words of a refusal that repeats it', async () => {
    const error = await refusal(status(401, { error: { message: `Incorrect API key: ${KEY}` } }), {
      key: KEY,
    })
    expect(error.message).toContain('Incorrect API key: (the key)')
    expect(JSON.stringify([error.message, error.nextStep, error.stack, error.cause])).not.toContain(KEY)
  })

  it.each(['sk-1\nx-evil: 1', 'sk 1', 'sk-ü'])('is refused as %j, and not repeated', async (key) => {
    const error = await refusal(() => undefined, { key })
    expect(error.code).toBe('ACCESS_DENIED')
    expect(error.message + error.nextStep).not.toContain(key)
    expect(server.seen).toEqual([])
  })

  it.each(['http://example.com/v1', 'http://8.8.8.8/v1', 'http://172.32.0.1/v1', 'http://[2001:db8::1]/v1'])(
    'does not go to %s without encryption',
    async (url) => {
      const error = await refusal(() => undefined, { key: KEY, endpoint: { url } })
      expect(error).toMatchObject({
        code: 'ACCESS_DENIED',
        message: expect.stringContaining('not encrypted'),
      })
    },
  )

  it('is not taken from an address, which is not repeated either', () => {
    const opening = () => model({ endpoint: { url: 'https://me:secret@example.com/v1' } })
    expect(opening).toThrow('holds a user name or password')
    expect(opening).not.toThrow('secret')
  })
})

describe('the models of an endpoint', () => {
  const list = (script: Script, url = server.endpoint.url) => {
    server.answer(script)
    return listEndpointModels({ endpoint: { ...server.endpoint, url }, key: async () => KEY })
  }

  it('are listed in order, without what cannot be shown', async () => {
    const data = [{ id: 'b', object: 'model' }, { id: 'a' }, { id: 'a' }, { id: 'e\u001b[2J' }, { id: '' }]
    expect(await list(status(200, { object: 'list', data }), `${server.endpoint.url}/`)).toEqual(['a', 'b'])
    expect(server.seen).toEqual([
      { method: 'GET', path: '/v1/models', authorization: `Bearer ${KEY}`, body: null },
    ])
  })

  it('may be none', async () => {
    expect(await list(status(200, { object: 'list', data: null }))).toEqual([])
  })

  it.each<[Script, string, RegExp]>([
    [status(200, '<html>'), 'SERVER_REFUSED', /web page/],
    [status(200, []), 'SERVER_REFUSED', /list of models/],
    [status(404, {}), 'REMOTE_NOT_FOUND', /nothing at .*\/v1\/models/],
    [status(401, {}), 'ACCESS_DENIED', /does not accept this key/],
    [begun(['{'], (response) => response.destroy()), 'NETWORK_FAILED', /middle/],
  ])('are not known after %#', async (script, code, words) => {
    await expect(list(script)).rejects.toMatchObject({ code, message: expect.stringMatching(words) })
  })
})
