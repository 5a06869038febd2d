import { describe, expect, it, vi } from 'vitest'
import type { FinishedSmokeTest, OpenWish, SmokeUpdate } from '#contract/chatting.ts'
import type { InhouseClient } from '#contract/client.ts'
import type { SmokeCheckResult, SmokeRecord } from '#core/smoke/smoke-record.ts'
import { createSmokeStore } from './smoke-store.ts'

const WISH: OpenWish = {
  target: { kind: 'pilot' },
  contextTokens: null,
  gpuLayers: 'auto',
  adapters: [],
  force: false,
}
const OTHER: OpenWish = { ...WISH, target: { kind: 'file', path: '/models/small.gguf' } }
const RESULT = { id: 'answers', outcome: 'passed' } as unknown as SmokeCheckResult
const TEST: FinishedSmokeTest = { record: { id: 'record' } as unknown as SmokeRecord, notKept: null }

type Step = SmokeUpdate | Error | 'end'

/** Tests that go as far as the test lets them. */
function start() {
  const steps: Step[] = []
  let wake: () => void = () => undefined
  async function* test(signal: AbortSignal): AsyncGenerator<SmokeUpdate, FinishedSmokeTest, void> {
    for (;;) {
      signal.throwIfAborted()
      const step = steps.shift()
      if (step === 'end') return TEST
      if (step instanceof Error) throw step
      if (step !== undefined) yield step
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  type Run = (
    wish: OpenWish,
    options: { readonly signal: AbortSignal },
  ) => Promise<AsyncGenerator<SmokeUpdate, FinishedSmokeTest, void>>
  const run = vi.fn<Run>((_wish, { signal }) => {
    signal.addEventListener('abort', () => wake())
    return Promise.resolve(test(signal))
  })
  const kept = vi.fn<() => void>()
  const store = createSmokeStore({ smokeTests: { run } } as unknown as InhouseClient, kept)
  const say = (...more: Step[]) => {
    steps.push(...more)
    wake()
  }
  return { kept, run, say, store }
}

describe('a smoke test under way', () => {
  it('loads, ticks off its checks, and times the model', async () => {
    const { say, store } = start()
    void store.run([WISH])
    say({ kind: 'loading', fraction: 0.5 })
    await vi.waitFor(() => expect(store.getState()).toMatchObject({ current: 'loading', loadFraction: 0.5 }))
    say({ kind: 'check-started', id: 'answers' }, { kind: 'text', text: 'I ' }, { kind: 'text', text: 'am' })
    await vi.waitFor(() => expect(store.getState()).toMatchObject({ current: 'answers', text: 'I am' }))
    say({ kind: 'check-done', result: RESULT }, { kind: 'bench', what: 'decode', tokensPerSecond: 40 })
    await vi.waitFor(() =>
      expect(store.getState()).toMatchObject({
        results: [RESULT],
        text: '',
        current: 'bench',
        speeds: { prefill: [], decode: [40] },
      }),
    )
  })

  it('runs two models one after the other', async () => {
    const { kept, run, say, store } = start()
    const ended = store.run([WISH, OTHER])
    expect(store.getState()).toMatchObject({ wish: WISH, index: 0, total: 2 })
    say('end')
    await vi.waitFor(() => expect(store.getState()).toMatchObject({ wish: OTHER, index: 1, results: [] }))
    say('end')
    await ended
    expect(store.getState()).toEqual({ kind: 'done', tests: [TEST, TEST] })
    expect(run.mock.calls.map(([wish]) => wish)).toEqual([WISH, OTHER])
    expect(kept).toHaveBeenCalledTimes(2)
  })

  it('is the only one', async () => {
    const { run, store } = start()
    void store.run([WISH])
    await store.run([OTHER])
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('is called off by the user, not failed', async () => {
    const { kept, store } = start()
    const ended = store.run([WISH, OTHER])
    store.cancel()
    await ended
    expect(store.getState()).toEqual({ kind: 'cancelled' })
    expect(kept).not.toHaveBeenCalled()
    store.dismiss()
    expect(store.getState()).toEqual({ kind: 'idle' })
  })

  it('of a model that is too large may be run all the same', async () => {
    const { say, store } = start()
    const ended = store.run([WISH])
    say(
      Object.assign(new Error('It takes 9 GiB.'), {
        code: 'MODEL_TOO_LARGE',
        status: 409,
        data: { nextStep: 'Close other programs.' },
      }),
    )
    await ended
    expect(store.getState()).toMatchObject({
      kind: 'failed',
      canForce: true,
      wishes: [WISH],
      failure: { message: 'It takes 9 GiB.', nextStep: 'Close other programs.' },
    })
  })
})
