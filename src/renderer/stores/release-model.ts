import type { ChatStore } from './chat-store.ts'
import type { SessionStore } from './session-store.ts'

/** Lets a model go when nobody looks any more; an answer that is coming is stopped first, and kept as far as it came. */
export function releaseModel(
  chat: Pick<ChatStore, 'getState' | 'stop' | 'subscribe'>,
  session: Pick<SessionStore, 'close'>,
): void {
  if (chat.getState().coming !== null) chat.stop()
  if (chat.getState().coming === null) return session.close()
  const stopWaiting = chat.subscribe(({ coming }) => {
    if (coming !== null) return
    stopWaiting()
    session.close()
  })
}
