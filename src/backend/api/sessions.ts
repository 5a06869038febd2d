import { randomUUID } from 'node:crypto'
import type { Chat } from '#backend/chat/chat.ts'
import type { OpenModel } from '#backend/chat/open-model.ts'
import type { ChatAnswer, ChatUpdate, ChatWish, OpenWish, SessionUpdate } from '#contract/chatting.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Models that pages have open: each is held by one stream, and gone when nobody reads it. */
export interface Sessions {
  open(wish: OpenWish, signal: AbortSignal | undefined): AsyncGenerator<SessionUpdate, void>
  chat(wish: ChatWish, signal: AbortSignal | undefined): AsyncGenerator<ChatUpdate, ChatAnswer>
  /** Ends the answers that are coming with what there is. */
  stop(sessionId: string): Promise<void>
}

interface Session {
  readonly model: OpenModel
  /** Of the answers that are coming. */
  readonly stops: Set<AbortController>
}

/** The sessions of one host; they end when `closing` does. */
export function createSessions(chat: Chat, closing: AbortSignal): Sessions {
  const sessions = new Map<string, Session>()
  const sessionOf = (sessionId: string) => {
    const session = sessions.get(sessionId)
    if (session === undefined) throw gone()
    return session
  }
  return {
    async *open(wish, signal) {
      const until = signal === undefined ? closing : AbortSignal.any([signal, closing])
      const { model } = yield* chat.open(wish, until)
      // The name of a session is its secret: one page cannot speak in another's.
      const sessionId = randomUUID()
      sessions.set(sessionId, { model, stops: new Set() })
      try {
        yield { kind: 'ready', info: { ...model.info, sessionId } }
        yield* model.live(until)
      } finally {
        sessions.delete(sessionId)
        model.close()
      }
    },
    async *chat({ sessionId, ...request }, signal) {
      const { model, stops } = sessionOf(sessionId)
      const stop = new AbortController()
      stops.add(stop)
      try {
        return yield* model.chat(
          request,
          signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
        )
      } finally {
        stops.delete(stop)
      }
    },
    async stop(sessionId) {
      for (const stop of sessionOf(sessionId).stops) stop.abort()
    },
  }
}

function gone(): InhouseError {
  return new InhouseError({
    code: 'SESSION_GONE',
    message: 'This model is not loaded any more.',
    nextStep: 'Load it again; the conversation is kept.',
  })
}
