import type { ChatSettings } from '#core/chat/chat-settings.ts'
import type { Generation } from '#core/chat/generation.ts'

/** One thing said. */
export interface ChatMessage {
  readonly id: string
  readonly role: 'user' | 'assistant'
  readonly text: string
  /** What a reasoning model thought before it answered; null where it did not. */
  readonly thought: string | null
  /** Of an answer: what it took; null for what the user said. */
  readonly generation: Generation | null
  /** ISO time. */
  readonly saidAt: string
}

/** A conversation as kept and exported. */
export interface Conversation {
  readonly schema: 'inhouse/conversation/1'
  readonly id: string
  /** The first thing said, shortened, until somebody names it. */
  readonly title: string
  /** ISO time. */
  readonly startedAt: string
  readonly changedAt: string
  /** What answered last, in words. */
  readonly model: string
  readonly settings: ChatSettings
  readonly messages: readonly ChatMessage[]
}
