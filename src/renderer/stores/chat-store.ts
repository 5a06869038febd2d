import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ChatUpdate, OpenWish, SessionInfo } from '#contract/chatting.ts'
import type { InhouseClient } from '#contract/client.ts'
import { DEFAULT_CHAT_SETTINGS, type ChatSettings } from '#core/chat/chat-settings.ts'
import type { ChatMessage, Conversation } from '#core/chat/conversation.ts'
import { toFailure, type Failure } from '../api/failure.ts'
import type { SessionStore } from './session-store.ts'

/** The answer that is coming. */
export interface ComingAnswer {
  readonly phase: 'opening' | 'waiting' | 'reading' | 'talking'
  /** Answers before this one, while it waits. */
  readonly ahead: number
  /** Share of the prompt that has been read. */
  readonly readFraction: number
  readonly text: string
  readonly thought: string
  /** Decode speed as it was told, in order. */
  readonly speeds: readonly number[]
  readonly isStopping: boolean
}

export interface ChatState {
  readonly id: string
  readonly title: string
  readonly startedAt: string
  readonly messages: readonly ChatMessage[]
  readonly settings: ChatSettings
  /** Somebody changed the settings: what a file recommends does not replace them. */
  readonly settingsTouched: boolean
  readonly coming: ComingAnswer | null
  /** Why the last answer did not come; what came of it is a message. */
  readonly failure: Failure | null
}

export interface ChatStore extends StoreApi<ChatState> {
  readonly send: (text: string, wish: OpenWish) => Promise<void>
  /** Ends the answer with what there is. */
  readonly stop: () => void
  /** Asks the last question again. */
  readonly retry: (wish: OpenWish) => Promise<void>
  /** Takes everything from this message on back, and asks the new text. */
  readonly resend: (messageId: string, text: string, wish: OpenWish) => Promise<void>
  readonly change: (settings: ChatSettings) => void
  readonly rename: (title: string) => void
  /** An empty conversation with the same settings. */
  readonly begin: () => void
  readonly show: (conversation: Conversation) => void
}

export interface ChatStoreOptions {
  readonly client: InhouseClient
  readonly session: SessionStore
  /** Called when there is something new to keep. */
  readonly onChanged: (conversation: Conversation) => void
  readonly now: () => Date
  readonly newId: () => string
}

const NOTHING_YET: ComingAnswer = {
  phase: 'opening',
  ahead: 0,
  readFraction: 0,
  text: '',
  thought: '',
  speeds: [],
  isStopping: false,
}
const TITLE_CHARACTERS = 60

/** One conversation with the model of one session. */
export function createChatStore(options: ChatStoreOptions): ChatStore {
  const { client, newId, now, onChanged, session } = options
  const fresh = (settings: ChatSettings, settingsTouched: boolean): ChatState => ({
    id: newId(),
    title: '',
    startedAt: now().toISOString(),
    messages: [],
    settings,
    settingsTouched,
    coming: null,
    failure: null,
  })
  const store = createStore<ChatState>(() => fresh(DEFAULT_CHAT_SETTINGS, false))
  let life = new AbortController()
  let model = ''

  const come = (change: Partial<ComingAnswer>) =>
    store.setState(({ coming }) => (coming === null ? {} : { coming: { ...coming, ...change } }))
  const say = (part: Omit<ChatMessage, 'id' | 'saidAt'>) => {
    const message: ChatMessage = { ...part, id: newId(), saidAt: now().toISOString() }
    store.setState(({ messages }) => ({ messages: [...messages, message] }))
  }
  const keep = () => onChanged(conversationOf(store.getState(), model, now()))

  async function answer(wish: OpenWish): Promise<void> {
    life = new AbortController()
    const { signal } = life
    store.setState({ coming: NOTHING_YET, failure: null })
    try {
      const info = await session.open(wish)
      // Whoever called it off has cleared up, and another answer may be coming already.
      if (signal.aborted) return
      if (info === null) return store.setState({ coming: null })
      model = info.name
      adoptDefaults(store, info)
      const done = await follow(info, signal)
      if (signal.aborted) return
      store.setState({ coming: null })
      say({ role: 'assistant', ...done })
    } catch (error) {
      if (signal.aborted) return
      const { coming } = store.getState()
      store.setState({ coming: null, failure: toFailure(error) })
      // What had come stays: it may be all the user needs.
      if (coming !== null && coming.text !== '') {
        say({ role: 'assistant', text: coming.text, thought: coming.thought || null, generation: null })
      }
    }
    keep()
  }

  async function follow({ sessionId }: SessionInfo, signal: AbortSignal) {
    const { messages, settings } = store.getState()
    const said = messages.map(({ role, text }) => ({ role, text }))
    const updates = await client.sessions.chat({ sessionId, messages: said, settings }, { signal })
    for (let step = await updates.next(); ; step = await updates.next()) {
      if (step.done === true) return step.value
      hear(step.value)
    }
  }

  function hear(update: ChatUpdate): void {
    const { coming } = store.getState()
    if (coming === null) return
    switch (update.kind) {
      case 'waiting':
        return come({ phase: 'waiting', ahead: update.ahead })
      case 'prefill':
        return come({ phase: 'reading', readFraction: update.doneTokens / update.totalTokens })
      case 'text': {
        const part = update.part === 'answer' ? 'text' : 'thought'
        return come({ phase: 'talking', [part]: coming[part] + update.text })
      }
      case 'speed':
        return come({ speeds: [...coming.speeds, update.tokensPerSecond] })
    }
  }

  async function send(text: string, wish: OpenWish): Promise<void> {
    if (store.getState().coming !== null) return
    say({ role: 'user', text, thought: null, generation: null })
    store.setState(({ title }) => ({ title: title === '' ? titleOf(text) : title }))
    await answer(wish)
  }

  /** Takes the conversation back to before a message. */
  function takeBack(messageId: string): void {
    store.setState(({ messages }) => ({
      messages: messages.slice(
        0,
        messages.findIndex(({ id }) => id === messageId),
      ),
    }))
  }

  function leave(): void {
    life.abort()
  }

  return {
    ...store,
    send,
    stop() {
      const { coming } = store.getState()
      const state = session.getState()
      if (coming === null) return
      come({ isStopping: true })
      if (state.kind === 'ready') {
        // An answer that has ended meanwhile needs no stopping.
        client.sessions.stop({ sessionId: state.info.sessionId }).catch(() => undefined)
      } else {
        leave()
        session.close()
        store.setState({ coming: null })
      }
    },
    async retry(wish) {
      const { coming, messages } = store.getState()
      if (coming !== null) return
      if (messages.at(-1)?.role === 'assistant') takeBack(messages.at(-1)!.id)
      if (store.getState().messages.length > 0) await answer(wish)
    },
    async resend(messageId, text, wish) {
      const { coming, messages, title } = store.getState()
      if (coming !== null) return
      const [first] = messages
      // A title that nobody gave follows the question it came from.
      if (first?.id === messageId && titleOf(first.text) === title) store.setState({ title: '' })
      takeBack(messageId)
      await send(text, wish)
    },
    change: (settings) => store.setState({ settings, settingsTouched: true }),
    rename(title) {
      store.setState({ title })
      keep()
    },
    begin() {
      leave()
      const { settings, settingsTouched } = store.getState()
      store.setState(fresh(settings, settingsTouched))
    },
    show(conversation) {
      leave()
      const { id, messages, settings, startedAt, title } = conversation
      model = conversation.model
      store.setState({
        id,
        title,
        startedAt,
        messages,
        settings,
        settingsTouched: true,
        coming: null,
        failure: null,
      })
    },
  }
}

/** What the file recommends holds until somebody chooses; what else was set stays. */
function adoptDefaults(store: StoreApi<ChatState>, { defaults }: SessionInfo): void {
  const { settings, settingsTouched } = store.getState()
  if (!settingsTouched) store.setState({ settings: { ...settings, sampling: defaults.sampling } })
}

function titleOf(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line.length <= TITLE_CHARACTERS ? line : `${line.slice(0, TITLE_CHARACTERS - 1)}…`
}

/** A conversation as it is kept. */
export function conversationOf(
  { id, messages, settings, startedAt, title }: ChatState,
  model: string,
  now: Date,
): Conversation {
  return {
    schema: 'inhouse/conversation/1',
    id,
    title,
    startedAt,
    changedAt: now.toISOString(),
    model,
    settings,
    messages,
  }
}
