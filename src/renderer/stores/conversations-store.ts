import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ConversationSummary } from '#contract/chatting.ts'
import type { InhouseClient } from '#contract/client.ts'
import type { Conversation } from '#core/chat/conversation.ts'
import { toFailure, type Failure } from '../api/failure.ts'

export interface ConversationsState {
  /** Newest first; null until they were asked for. */
  readonly list: readonly ConversationSummary[] | null
  readonly failure: Failure | null
}

export interface ConversationsStore extends StoreApi<ConversationsState> {
  readonly load: () => Promise<void>
  readonly keep: (conversation: Conversation) => Promise<void>
  /** Null where it is not there any more. */
  readonly get: (id: string) => Promise<Conversation | null>
  readonly remove: (id: string) => Promise<void>
  readonly restore: (id: string) => Promise<void>
}

/** The conversations of this user. */
export function createConversationsStore(client: InhouseClient): ConversationsStore {
  const store = createStore<ConversationsState>(() => ({ list: null, failure: null }))

  async function attempt<Result>(work: () => Promise<Result>): Promise<Result | null> {
    try {
      const result = await work()
      store.setState({ failure: null })
      return result
    } catch (error) {
      store.setState({ failure: toFailure(error) })
      return null
    }
  }

  async function load(): Promise<void> {
    const list = await attempt(() => client.conversations.list())
    if (list !== null) store.setState({ list })
  }

  async function change(work: () => Promise<unknown>): Promise<void> {
    await attempt(work)
    if (store.getState().failure === null) await load()
  }

  return {
    ...store,
    load,
    keep: (conversation) => change(() => client.conversations.save(conversation)),
    get: (id) => attempt(() => client.conversations.get({ id })),
    remove: (id) => change(() => client.conversations.remove({ id })),
    restore: (id) => change(() => client.conversations.restore({ id })),
  }
}
