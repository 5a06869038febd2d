import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { OpenModel } from '#backend/chat/open-model.ts'
import { createChatting, type Chatting, type LocalModelToOpen } from '#backend/llama/chatting.ts'
import { childProcesses } from '#backend/llama/testing/child-processes.ts'
import { writeTinyModel } from '#backend/llama/testing/tiny-model.ts'
import { packageRoot } from '#backend/store/package-root.ts'
import type { ChatAnswer, ChatUpdate } from '#contract/chatting.ts'
import { DEFAULT_CHAT_SETTINGS, DEFAULT_SAMPLING, type ChatSettings } from '#core/chat/chat-settings.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

let folder: string
let file: string
let chatting: Chatting
const opened: OpenModel[] = []

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inhouse-chat-'))
  file = path.join(folder, 'tiny.gguf')
  await writeTinyModel(shippedCatalogue, file)
  chatting = createChatting({ root: packageRoot() })
})
afterEach(() => {
  for (const model of opened.splice(0)) model.close()
})
afterAll(async () => {
  chatting.close()
  await rm(folder, { recursive: true, force: true })
})

const toOpen = (part: Partial<LocalModelToOpen> = {}): LocalModelToOpen => ({
  path: file,
  name: 'Tiny F16',
  kind: 'file',
  load: { backend: 'cpu', gpuLayers: 0, threads: 1 },
  contextTokens: 1024,
  adapters: [],
  sampling: {},
  prediction: null,
  noPrediction: 'it is too small',
  ...part,
})

async function open(part: Partial<LocalModelToOpen> = {}): Promise<OpenModel> {
  const loading = chatting.open(toOpen(part))
  for (let step = await loading.next(); ; step = await loading.next()) {
    if (step.done !== true) continue
    opened.push(step.value)
    return step.value
  }
}

const calm: ChatSettings = {
  ...DEFAULT_CHAT_SETTINGS,
  sampling: { ...DEFAULT_SAMPLING, temperature: 0 },
  maxTokens: 24,
}

interface Said {
  readonly updates: readonly ChatUpdate[]
  readonly answer: ChatAnswer
}

type Message = { readonly role: 'user' | 'assistant'; readonly text: string }
const ask = (text: string): readonly Message[] => [{ role: 'user', text }]

async function chat(
  model: OpenModel,
  messages: readonly Message[],
  settings: ChatSettings = calm,
  onUpdate: (update: ChatUpdate) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Said> {
  const stream = model.chat({ messages, settings }, signal)
  const updates: ChatUpdate[] = []
  for (let step = await stream.next(); ; step = await stream.next()) {
    if (step.done === true) return { updates, answer: step.value }
    updates.push(step.value)
    onUpdate(step.value)
  }
}

const textOf = (updates: readonly ChatUpdate[]) =>
  updates.map((update) => (update.kind === 'text' ? update.text : '')).join('')

describe('an open model', () => {
  it('says what it is and what it took', async () => {
    const { info } = await open()
    expect(info).toMatchObject({
      name: 'Tiny F16',
      kind: 'file',
      contextTokens: 1024,
      gpuLayers: 0,
      totalLayers: 3,
      template: 'plain',
      engine: { name: 'llama.cpp', backend: 'cpu', threads: 1 },
      noPrediction: 'it is too small',
    })
    expect(info.buffers.map(({ use }) => use)).toEqual(
      expect.arrayContaining(['weights', 'kvCache', 'compute']),
    )
  })

  it('streams what it says, and counts it', async () => {
    const { answer, updates } = await chat(await open(), ask('Hello, who are you?'))
    expect(textOf(updates)).toBe(answer.text)
    const { generation } = answer
    expect(generation).toMatchObject({
      model: 'Tiny F16',
      stopReason: 'max-tokens',
      generatedTokens: 24,
      reusedTokens: 0,
      usd: null,
    })
    expect(generation.timeToFirstTokenSeconds).toBeGreaterThan(0)
    expect(generation.decodeTokensPerSecond).toBeGreaterThan(0)
    expect(generation.contextUsedTokens).toBeGreaterThanOrEqual(generation.promptTokens!)
    expect(generation.memory!.residentBytes).toBeGreaterThan(1e6)
  })

  it('says the same again at temperature 0', async () => {
    const model = await open()
    const first = await chat(model, ask('Once more.'))
    const second = await chat(model, ask('Once more.'))
    expect(second.answer.text).toBe(first.answer.text)
  })

  it('evaluates only what is new in the next turn', async () => {
    const model = await open()
    const first = await chat(model, ask('A first question, which is a little longer than the others.'))
    const next = await chat(model, [
      ...ask('A first question, which is a little longer than the others.'),
      { role: 'assistant', text: first.answer.text },
      { role: 'user', text: 'And?' },
    ])
    // All of the first prompt but what introduces an answer; the words of a random model are not tokenized as it said them.
    expect(next.answer.generation.reusedTokens).toBeGreaterThan(first.answer.generation.promptTokens! - 8)
    const again = await chat(model, ask('Something else.'))
    expect(again.answer.generation.reusedTokens).toBeLessThan(first.answer.generation.promptTokens!)
  })

  it('stops with what there is', async () => {
    const stop = new AbortController()
    const { answer } = await chat(
      await open(),
      ask('Talk on and on.'),
      { ...calm, maxTokens: 900 },
      (update) => update.kind === 'text' && stop.abort(),
      stop.signal,
    )
    expect(answer.generation.stopReason).toBe('stopped')
    expect(answer.text).not.toBe('')
    expect(answer.generation.generatedTokens).toBeLessThan(900)
  })

  it('stops in the middle of a long prompt, and goes on from there', async () => {
    const model = await open({ contextTokens: 4096 })
    const long = ask('word '.repeat(600))
    const stop = new AbortController()
    const stopped = chat(model, long, calm, undefined, stop.signal)
    setTimeout(() => stop.abort(), 5)
    const { answer } = await stopped
    expect(answer).toMatchObject({ text: '', generation: { stopReason: 'stopped', generatedTokens: 0 } })
    const { generation } = (await chat(model, long)).answer
    expect(generation.promptTokens).toBeGreaterThan(1024)
    expect(generation.generatedTokens).toBe(24)
    const again = (await chat(model, long)).answer.generation
    expect(again.reusedTokens).toBe(again.promptTokens! - 1)
  })

  it('ends when the context is full, and refuses what never fits', async () => {
    const model = await open({ contextTokens: 256 })
    const { answer } = await chat(model, ask('Talk on and on.'), { ...calm, maxTokens: null })
    expect(answer.generation.stopReason).toBe('context-full')
    await expect(chat(model, ask('word '.repeat(400)))).rejects.toMatchObject({
      code: 'CHAT_REFUSED',
      message: expect.stringMatching(/has \d+ tokens; the context holds 256/),
    })
    // The refusal costs nothing else.
    expect((await chat(model, ask('Hello?'))).answer.text).not.toBe('')
  })

  it('holds an answer to a JSON schema, and refuses what is none', async () => {
    const model = await open()
    const schema = JSON.stringify({ type: 'object', properties: { city: { enum: ['Paris', 'Rome'] } } })
    const { answer } = await chat(model, ask('Where?'), { ...calm, maxTokens: 100, jsonSchema: schema })
    expect(['Paris', 'Rome']).toContain((JSON.parse(answer.text) as { city: string }).city)
    await expect(chat(model, ask('Where?'), { ...calm, jsonSchema: '{"type": ' })).rejects.toMatchObject({
      code: 'CHAT_REFUSED',
    })
  })

  it('answers two windows, each in its own context, and both go on', async () => {
    const [one, two] = [await open(), await open()]
    let [ofOne, ofTwo] = [0, 0]
    let bothTalk = false
    const settings = { ...calm, maxTokens: 300 }
    const count = () => {
      bothTalk ||= ofOne > 1 && ofTwo > 1
    }
    const [first, second] = await Promise.all([
      chat(one, ask('One.'), settings, (update) => {
        if (update.kind === 'text') ofOne++
        count()
      }),
      chat(two, ask('Two.'), settings, (update) => {
        if (update.kind === 'text') ofTwo++
        count()
      }),
    ])
    expect(bothTalk).toBe(true)
    expect(first.answer.generation.generatedTokens).toBe(300)
    expect(second.answer.generation.generatedTokens).toBe(300)
  })

  it('lets the fifth window wait, which can be stopped at once', async () => {
    const windows = await Promise.all(Array.from({ length: 5 }, () => open()))
    const settings = { ...calm, maxTokens: 900 }
    const leaving = new AbortController()
    const order: string[] = []
    const answers = windows.map(async (model, index) => {
      const last = index === windows.length - 1
      const onUpdate = ({ kind }: ChatUpdate) => last && kind === 'waiting' && leaving.abort()
      const said = await chat(model, ask('Hello?'), settings, onUpdate, last ? leaving.signal : undefined)
      order.push(last ? 'the fifth' : 'another')
      return said
    })
    const [first, , , , fifth] = await Promise.all(answers)
    expect(first!.answer.generation.generatedTokens).toBe(900)
    expect(fifth!.updates).toEqual([{ kind: 'waiting', ahead: 1 }])
    expect(fifth!.answer).toMatchObject({ text: '', generation: { stopReason: 'stopped' } })
    expect(order[0]).toBe('the fifth')
  })

  it('lets a window go without harm to another that is answered', async () => {
    const [one, two] = [await open(), await open()]
    const settings = { ...calm, maxTokens: 200 }
    const [left, stayed] = await Promise.all([
      chat(one, ask('One.'), settings, (update) => update.kind === 'text' && one.close()),
      chat(two, ask('Two.'), settings),
    ])
    expect(left.answer.generation.stopReason).toBe('stopped')
    expect(stayed.answer.generation.generatedTokens).toBe(200)
    await expect(chat(one, ask('Still there?'))).rejects.toMatchObject({ code: 'SESSION_GONE' })
  })

  it('calls a bench off without harm to a window that waits for it', async () => {
    const [one, two] = [await open(), await open()]
    const leaving = new AbortController()
    const [bench, { answer }] = await Promise.all([
      one.local!.bench(leaving.signal, () => leaving.abort()).catch((error: unknown) => error),
      chat(two, ask('Hello?')),
    ])
    expect(bench).toMatchObject({ name: 'AbortError' })
    expect(answer.text).not.toBe('')
  })

  it('is measured as llama-bench does, and its tokenizer gives text back', async () => {
    const { local } = await open()
    const told: string[] = []
    const { bench } = await local!.bench(undefined, (what) => told.push(what))
    expect(bench.prefill).toMatchObject({ promptTokens: 512, repetitions: 3 })
    expect(bench.decode).toMatchObject({ generatedTokens: 128, repetitions: 128 })
    expect(bench.decode.lowTokensPerSecond).toBeLessThanOrEqual(bench.decode.highTokensPerSecond)
    expect(new Set(told)).toEqual(new Set(['prefill', 'decode']))
    expect(await local!.roundTrip('naïve — 漢字 🙂')).toBe('naïve — 漢字 🙂')
  })
})

describe.skipIf(process.platform !== 'linux')('a process that is lost (Linux tells which it is)', () => {
  it('is told to the answer that was coming, and the next prompt starts another', async () => {
    const model = await open()
    for (let round = 0; round < 3; round++) {
      const [pid] = childProcesses()
      const lost = chat(model, ask('Talk on and on.'), { ...calm, maxTokens: 900 }, (update) => {
        if (update.kind === 'text') process.kill(pid!, 'SIGKILL')
      })
      await expect(lost).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' })
      expect((await chat(model, ask('Still there?'))).answer.text).not.toBe('')
      expect(childProcesses()).toHaveLength(1)
    }
  })

  it('is gone as soon as its last window closes', async () => {
    const [one, two] = [await open(), await open()]
    expect(childProcesses()).toHaveLength(1)
    one.close()
    expect((await chat(two, ask('Still there?'))).answer.text).not.toBe('')
    two.close()
    await expect.poll(() => childProcesses()).toEqual([])
  })

  it('says of itself what it holds, and for how many windows', async () => {
    const model = await open()
    await open()
    const leaving = new AbortController()
    for await (const { memory, windows } of model.live(leaving.signal)) {
      expect(windows).toBe(2)
      if (memory.residentBytes > 0) leaving.abort()
    }
  })
})

describe('what cannot be opened', () => {
  it.each([
    ['garbage', Buffer.from('this is no model at all')],
    ['a file that ends in its header', Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(40, 1)])],
  ])('%s', async (name, bytes) => {
    const bad = path.join(folder, `${name}.gguf`)
    await writeFile(bad, bytes)
    await expect(open({ path: bad })).rejects.toMatchObject({ code: 'MODEL_REJECTED' })
  })

  it.each([
    ['breaks off', '{% for message in messages %}'],
    ['complains', '{{ raise_exception("never") }}'],
  ])('a template that %s', async (_, chatTemplate) => {
    const bad = path.join(folder, 'template.gguf')
    await writeTinyModel(shippedCatalogue, bad, { chatTemplate })
    await expect(open({ path: bad })).rejects.toMatchObject({
      code: 'CHAT_REFUSED',
      message: 'The chat template of this file cannot be followed.',
    })
  })

  it('an adapter that is not there', async () => {
    const adapters = [{ path: path.join(folder, 'none.gguf'), scale: 1 }]
    await expect(open({ adapters })).rejects.toMatchObject({ code: 'CHAT_REFUSED' })
  })
})
