import { createStore, type StoreApi } from 'zustand/vanilla'
import type { OpenWish, SessionInfo, SessionUpdate } from '#contract/chatting.ts'
import type { InhouseClient } from '#contract/client.ts'
import { isFailureCode, toFailure, type Failure } from '../api/failure.ts'

type Live = Extract<SessionUpdate, { kind: 'live' }>

export type SessionState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading'; readonly wish: OpenWish; readonly fraction: number }
  | {
      readonly kind: 'ready'
      readonly wish: OpenWish
      readonly info: SessionInfo
      readonly live: Live | null
    }
  | {
      readonly kind: 'failed'
      readonly wish: OpenWish
      readonly failure: Failure
      /** It may be loaded all the same. */
      readonly canForce: boolean
    }

export interface SessionStore extends StoreApi<SessionState> {
  /** The model of this wish, loaded if it is not; null where it cannot be, and then the state says why. */
  readonly open: (wish: OpenWish) => Promise<SessionInfo | null>
  /** Lets the model go; its memory is free at once. */
  readonly close: () => void
}

/** One loaded model, held by one stream for as long as the page wants it. */
export function createSessionStore(client: InhouseClient): SessionStore {
  const store = createStore<SessionState>(() => ({ kind: 'idle' }))
  let life = new AbortController()
  let opening: Promise<SessionInfo | null> = Promise.resolve(null)

  function close(): void {
    life.abort()
    store.setState({ kind: 'idle' }, true)
  }

  async function hold(wish: OpenWish, signal: AbortSignal, onReady: (info: SessionInfo | null) => void) {
    try {
      const updates = await client.sessions.open(wish, { signal })
      for await (const update of updates) {
        if (signal.aborted) break
        if (update.kind === 'ready') onReady(update.info)
        store.setState((state) => following(state, wish, update), true)
      }
      if (!signal.aborted) store.setState({ kind: 'idle' }, true)
    } catch (error) {
      if (!signal.aborted) {
        const canForce = isFailureCode(error, 'MODEL_TOO_LARGE')
        store.setState({ kind: 'failed', wish, failure: toFailure(error), canForce }, true)
      }
    }
    // Whoever still waits learns that there is no model; for one that was ready this changes nothing.
    onReady(null)
  }

  function open(wish: OpenWish): Promise<SessionInfo | null> {
    const state = store.getState()
    // A model that was loaded by force stays loaded: who asks it next need not force it again.
    const isSame =
      'wish' in state && JSON.stringify({ ...state.wish, force: wish.force }) === JSON.stringify(wish)
    if (isSame && state.kind === 'ready') return Promise.resolve(state.info)
    if (isSame && state.kind === 'loading') return opening
    life.abort()
    life = new AbortController()
    store.setState({ kind: 'loading', wish, fraction: 0 }, true)
    const { signal } = life
    opening = new Promise((resolve) => void hold(wish, signal, resolve))
    return opening
  }

  return { ...store, open, close }
}

function following(state: SessionState, wish: OpenWish, update: SessionUpdate): SessionState {
  switch (update.kind) {
    case 'loading':
      return { kind: 'loading', wish, fraction: update.fraction }
    case 'ready':
      return { kind: 'ready', wish, info: update.info, live: null }
    case 'live':
      return state.kind === 'ready' ? { ...state, live: update } : state
  }
}
