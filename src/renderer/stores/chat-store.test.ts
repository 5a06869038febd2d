import { describe, expect, it, vi } from 'vitest'
import type { ChatAnswer, ChatUpdate, ChatWish, OpenWish, SessionInfo } from '#contract/chatting.ts'
import type { InhouseClient } from '#contract/client.ts'
import { DEFAULT_CHAT_SETTINGS } from '#core/chat/chat-settings.ts'
import type { Conversation } from '#core/chat/conversation.ts'
import type { Generation } from '#core/chat/generation.ts'
import { createChatStore } from './chat-store.ts'
import { createSessionStore } from './session-store.ts'

const WISH: OpenWish = {
  target: { kind: 'pilot' },
  contextTokens: null,
  gpuLayers: 'auto',
  adapters: [],
  force: false,
}
const GENERATION = { model: 'the pilot', stopReason: 'end-of-turn' } as unknown as Generation
const INFO = {
  sessionId: 'one',
  name: 'the pilot',
  defaults: { ...DEFAULT_CHAT_SETTINGS, sampling: { ...DEFAULT_CHAT_SETTINGS.sampling, temperature: 0.3 } },
} as unknown as SessionInfo

type Step = ChatUpdate | ChatAnswer | Error

const text = (said: string): ChatUpdate => ({ kind: 'text', part: 'answer', text: said })
const end = (said: string): ChatAnswer => ({ text: said, thought: null, generation: GENERATION })

/** A model that is ready at once and says what the test tells it to. */
function start() {
  const steps: Step[] = []
  const asked: ChatWish[] = []
  let wake: () => void = () => undefined
  async function* session(signal: AbortSignal) {
    yield { kind: 'ready', info: INFO }
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  }
  async function* answer(signal: AbortSignal): AsyncGenerator<ChatUpdate, ChatAnswer, void> {
    for (;;) {
      signal.throwIfAborted()
      const step = steps.shift()
      if (step instanceof Error) throw step
      if (step !== undefined && 'generation' in step) return step
      if (step !== undefined) yield step
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  interface Options {
    readonly signal: AbortSignal
  }
  const stop = vi.fn<() => Promise<void>>(() => Promise.resolve())
  const client = {
    sessions: {
      open: (_wish: OpenWish, { signal }: Options) => Promise.resolve(session(signal)),
      chat: (wish: ChatWish, { signal }: Options) => {
        asked.push(wish)
        signal.addEventListener('abort', () => wake())
        return Promise.resolve(answer(signal))
      },
      stop,
    },
  } as unknown as InhouseClient
  let ids = 0
  const kept: Conversation[] = []
  const held = createSessionStore(client)
  const store = createChatStore({
    client,
    session: held,
    onChanged: (conversation) => void kept.push(conversation),
    now: () => new Date('2026-11-25T12:00:00Z'),
    newId: () => `id-${ids++}`,
  })
  const say = (...more: Step[]) => {
    steps.push(...more)
    wake()
  }
  const said = () => store.getState().messages.map(({ role, text: words }) => `${role}: ${words}`)
  return { asked, held, kept, said, say, stop, store }
}

describe('a conversation', () => {
  it('shows what the answer waits for, its words and its speed as they come, and keeps it whole', async () => {
    const { asked, kept, said, say, store } = start()
    const sent = store.send('Who are you?', WISH)
    expect(store.getState().coming).toMatchObject({ phase: 'opening' })
    say({ kind: 'waiting', ahead: 2 })
    await vi.waitFor(() => expect(store.getState().coming).toMatchObject({ phase: 'waiting', ahead: 2 }))
    say({ kind: 'prefill', doneTokens: 3, totalTokens: 12 })
    await vi.waitFor(() =>
      expect(store.getState().coming).toMatchObject({ phase: 'reading', readFraction: 0.25 }),
    )
    say({ kind: 'text', part: 'thought', text: 'Hm.' }, text('The '), text('pilot.'))
    say({ kind: 'speed', generatedTokens: 2, tokensPerSecond: 90 })
    await vi.waitFor(() =>
      expect(store.getState().coming).toMatchObject({ text: 'The pilot.', thought: 'Hm.', speeds: [90] }),
    )
    say(end('The pilot.'))
    await sent
    expect(store.getState()).toMatchObject({ coming: null, failure: null, title: 'Who are you?' })
    expect(said()).toEqual(['user: Who are you?', 'assistant: The pilot.'])
    expect(kept).toMatchObject([{ model: 'the pilot', messages: [{}, { generation: GENERATION }] }])
    expect(asked).toMatchObject([{ sessionId: 'one', messages: [{ role: 'user', text: 'Who are you?' }] }])
  })

  it('takes what the file recommends until somebody changes a setting', async () => {
    const { asked, say, store } = start()
    say(end('One.'))
    await store.send('a', WISH)
    store.change({
      ...store.getState().settings,
      system: 'Be brief.',
      sampling: DEFAULT_CHAT_SETTINGS.sampling,
    })
    say(end('Two.'))
    await store.send('b', WISH)
    expect(asked.map(({ settings }) => settings.sampling.temperature)).toEqual([
      0.3,
      DEFAULT_CHAT_SETTINGS.sampling.temperature,
    ])
  })

  it('keeps what had come when the engine dies, and says what to do', async () => {
    const { kept, said, say, store } = start()
    const sent = store.send('Tell me', WISH)
    say(text('Once upon'))
    await vi.waitFor(() => expect(store.getState().coming?.text).toBe('Once upon'))
    say(Object.assign(new Error('It ended.'), { status: 500, data: { nextStep: 'Try again.' } }))
    await sent
    expect(said()).toEqual(['user: Tell me', 'assistant: Once upon'])
    expect(store.getState().messages[1]?.generation).toBeNull()
    expect(store.getState().failure).toMatchObject({ message: 'It ended.', nextStep: 'Try again.' })
    expect(kept).toHaveLength(1)
    say(end('Once upon a time.'))
    await store.retry(WISH)
    expect(said()).toEqual(['user: Tell me', 'assistant: Once upon a time.'])
    expect(store.getState().failure).toBeNull()
  })

  it('asks the backend to stop, and takes what it then returns', async () => {
    const { said, say, stop, store } = start()
    const sent = store.send('Tell me', WISH)
    say(text('Once'))
    await vi.waitFor(() => expect(store.getState().coming?.text).toBe('Once'))
    store.stop()
    expect(stop).toHaveBeenCalledOnce()
    expect(store.getState().coming?.isStopping).toBe(true)
    say(end('Once'))
    await sent
    expect(said()).toEqual(['user: Tell me', 'assistant: Once'])
  })

  it('replaces everything from a changed question on', async () => {
    const { asked, said, say, store } = start()
    say(end('A'))
    await store.send('a', WISH)
    say(end('B'))
    await store.send('b', WISH)
    const [first] = store.getState().messages
    say(end('C'))
    await store.resend(first!.id, 'c', WISH)
    expect(said()).toEqual(['user: c', 'assistant: C'])
    expect(store.getState().title).toBe('c')
    expect(asked.at(-1)?.messages).toEqual([{ role: 'user', text: 'c' }])
  })

  it('keeps the name it was given when its first question is changed', async () => {
    const { say, store } = start()
    say(end('A'))
    await store.send('a', WISH)
    store.rename('Mine')
    say(end('B'))
    await store.resend(store.getState().messages[0]!.id, 'b', WISH)
    expect(store.getState().title).toBe('Mine')
  })

  it('is left without a trace of the answer that was coming, and the next one is heard', async () => {
    const { kept, said, say, store } = start()
    const left = store.send('left', WISH)
    store.begin()
    const sent = store.send('asked', WISH)
    await left
    expect(store.getState().coming).not.toBeNull()
    say(text('He'))
    await vi.waitFor(() => expect(store.getState().coming?.text).toBe('He'))
    say(end('Here.'))
    await sent
    expect(said()).toEqual(['user: asked', 'assistant: Here.'])
    expect(kept.map(({ title }) => title)).toEqual(['asked'])
  })

  it('answers one question at a time', async () => {
    const { asked, said, say, store } = start()
    const sent = store.send('one', WISH)
    await store.send('two', WISH)
    say(end('1'))
    await sent
    expect(said()).toEqual(['user: one', 'assistant: 1'])
    expect(asked).toHaveLength(1)
  })
})
