import { describe, expect, it, vi } from 'vitest'
import type { OpenWish, SessionInfo, SessionUpdate } from '#contract/chatting.ts'
import type { InhouseClient } from '#contract/client.ts'
import { createSessionStore } from './session-store.ts'

const WISH: OpenWish = {
  target: { kind: 'pilot' },
  contextTokens: null,
  gpuLayers: 'auto',
  adapters: [],
  force: false,
}
const READY: SessionUpdate = { kind: 'ready', info: { sessionId: 'one' } as unknown as SessionInfo }

/** A backend whose models load, and stay until they are left. */
function start(failure: Error | null = null) {
  const signals: AbortSignal[] = []
  async function* session(signal: AbortSignal): AsyncGenerator<SessionUpdate> {
    yield { kind: 'loading', fraction: 0.5 }
    if (failure !== null) throw failure
    yield READY
    yield { kind: 'live', memory: { residentBytes: 7, acceleratorBytes: null }, windows: 1 }
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  }
  type Open = (
    wish: OpenWish,
    options: { readonly signal: AbortSignal },
  ) => Promise<AsyncGenerator<SessionUpdate>>
  const open = vi.fn<Open>((_wish, { signal }) => {
    signals.push(signal)
    return Promise.resolve(session(signal))
  })
  const store = createSessionStore({ sessions: { open } } as unknown as InhouseClient)
  return { open, signals, store }
}

describe('the model a page holds', () => {
  it('loads, is ready, and then says live what it takes', async () => {
    const { store } = start()
    const opening = store.open(WISH)
    expect(store.getState()).toMatchObject({ kind: 'loading', fraction: 0 })
    expect(await opening).toEqual({ sessionId: 'one' })
    await vi.waitFor(() =>
      expect(store.getState()).toMatchObject({ kind: 'ready', live: { memory: { residentBytes: 7 } } }),
    )
  })

  it('is loaded once for everybody who asks for it, also after it was forced', async () => {
    const { store, open } = start()
    const both = await Promise.all([store.open({ ...WISH, force: true }), store.open(WISH)])
    expect(both).toEqual([{ sessionId: 'one' }, { sessionId: 'one' }])
    await store.open(WISH)
    expect(open).toHaveBeenCalledTimes(1)
  })

  it('is let go when another one is wanted, and when it is closed', async () => {
    const { store, signals } = start()
    await store.open(WISH)
    await store.open({ ...WISH, contextTokens: 4096 })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    store.close()
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(store.getState()).toEqual({ kind: 'idle' })
  })

  it('that is too large says so, and may be loaded all the same', async () => {
    const error = Object.assign(new Error('It takes 9 GiB.'), {
      code: 'MODEL_TOO_LARGE',
      status: 409,
      data: { nextStep: 'Close other programs.' },
    })
    const { store, open } = start(error)
    expect(await store.open(WISH)).toBeNull()
    expect(store.getState()).toMatchObject({
      kind: 'failed',
      canForce: true,
      failure: { message: 'It takes 9 GiB.', nextStep: 'Close other programs.' },
    })
    await store.open({ ...WISH, force: true })
    expect(open.mock.calls.map(([wish]) => wish.force)).toEqual([false, true])
  })
})
