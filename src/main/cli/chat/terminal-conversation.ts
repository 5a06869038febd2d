import { randomUUID } from 'node:crypto'
import type { ChatAnswer } from '#contract/chatting.ts'
import type { ChatSettings } from '#core/chat/chat-settings.ts'
import type { ChatMessage, Conversation } from '#core/chat/conversation.ts'

const MAX_TITLE_LETTERS = 60

/** What was said so far in one terminal. */
export interface TerminalConversation {
  /** Whose last message waits for its answer; false where there is none. */
  readonly isAsked: () => boolean
  readonly messages: () => readonly ChatMessage[]
  say(text: string): void
  answered(answer: ChatAnswer): void
  /** Takes the last answer back; false where nothing was asked. */
  takeBack(): boolean
  clear(): void
  /** To be written to a file. */
  whole(about: { readonly model: string; readonly settings: ChatSettings }): Conversation
}

/** An empty one. */
export function terminalConversation(now: () => string): TerminalConversation {
  let messages: readonly ChatMessage[] = []
  const isAsked = () => messages.at(-1)?.role === 'user'
  const add = (message: Pick<ChatMessage, 'role' | 'text' | 'thought' | 'generation'>) => {
    messages = [...messages, { ...message, id: randomUUID(), saidAt: now() }]
  }
  return {
    isAsked,
    messages: () => messages,
    say(text) {
      // A question that got no answer is replaced: models want one of each in turn.
      if (isAsked()) messages = messages.slice(0, -1)
      add({ role: 'user', text, thought: null, generation: null })
    },
    answered({ generation, text, thought }) {
      if (text !== '') add({ role: 'assistant', text, thought, generation })
    },
    takeBack() {
      if (messages.at(-1)?.role === 'assistant') messages = messages.slice(0, -1)
      return isAsked()
    },
    clear() {
      messages = []
    },
    whole: ({ model, settings }) => ({
      schema: 'inhouse/conversation/1',
      id: randomUUID(),
      title: titleOf(messages[0]?.text ?? 'Nothing was said'),
      startedAt: messages[0]?.saidAt ?? now(),
      changedAt: messages.at(-1)?.saidAt ?? now(),
      model,
      settings,
      messages,
    }),
  }
}

function titleOf(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line.length > MAX_TITLE_LETTERS ? `${line.slice(0, MAX_TITLE_LETTERS)}…` : line
}
