import { createStore, type StoreApi } from 'zustand/vanilla'
import type { FinishedSmokeTest, OpenWish, SmokeUpdate } from '#contract/chatting.ts'
import type { InhouseClient } from '#contract/client.ts'
import type { SmokeCheckId, SmokeCheckResult } from '#core/smoke/smoke-record.ts'
import { isFailureCode, toFailure, type Failure } from '../api/failure.ts'

/** A smoke test under way. */
export interface RunningSmoke {
  readonly kind: 'running'
  readonly wish: OpenWish
  /** Of several tests the how-manieth, from 0. */
  readonly index: number
  readonly total: number
  readonly loadFraction: number
  readonly results: readonly SmokeCheckResult[]
  readonly current: SmokeCheckId | 'loading' | 'bench'
  /** What the model says in the check that runs. */
  readonly text: string
  readonly speeds: { readonly prefill: readonly number[]; readonly decode: readonly number[] }
}

export type SmokeState =
  | { readonly kind: 'idle' }
  | RunningSmoke
  | { readonly kind: 'done'; readonly tests: readonly FinishedSmokeTest[] }
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'failed'
      /** Tests that had ended before. */
      readonly tests: readonly FinishedSmokeTest[]
      readonly wishes: readonly OpenWish[]
      readonly failure: Failure
      readonly canForce: boolean
    }

export interface SmokeStore extends StoreApi<SmokeState> {
  /** Runs one test after the other. */
  readonly run: (wishes: readonly OpenWish[]) => Promise<void>
  readonly cancel: () => void
  readonly dismiss: () => void
}

/** The smoke test that can be under way; `onKept` is called when one was kept. */
export function createSmokeStore(client: InhouseClient, onKept: () => void): SmokeStore {
  const store = createStore<SmokeState>(() => ({ kind: 'idle' }))
  let life = new AbortController()

  const change = (part: (state: RunningSmoke) => Partial<RunningSmoke>) =>
    store.setState((state) => (state.kind === 'running' ? { ...state, ...part(state) } : state), true)

  async function runOne(
    wish: OpenWish,
    index: number,
    total: number,
    signal: AbortSignal,
  ): Promise<FinishedSmokeTest> {
    store.setState(started(wish, index, total), true)
    const updates = await client.smokeTests.run(wish, { signal })
    for (let step = await updates.next(); ; step = await updates.next()) {
      if (step.done === true) return step.value
      const update = step.value
      change((state) => heard(state, update))
    }
  }

  async function run(wishes: readonly OpenWish[]): Promise<void> {
    if (store.getState().kind === 'running') return
    life = new AbortController()
    const { signal } = life
    const tests: FinishedSmokeTest[] = []
    try {
      for (const [index, wish] of wishes.entries()) {
        tests.push(await runOne(wish, index, wishes.length, signal))
        onKept()
      }
      store.setState({ kind: 'done', tests }, true)
    } catch (error) {
      if (signal.aborted) return store.setState({ kind: 'cancelled' }, true)
      const canForce = isFailureCode(error, 'MODEL_TOO_LARGE')
      store.setState({ kind: 'failed', tests, wishes, failure: toFailure(error), canForce }, true)
    }
  }

  return {
    ...store,
    run,
    cancel: () => life.abort(),
    dismiss() {
      if (store.getState().kind !== 'running') store.setState({ kind: 'idle' }, true)
    },
  }
}

function started(wish: OpenWish, index: number, total: number): RunningSmoke {
  return {
    kind: 'running',
    wish,
    index,
    total,
    loadFraction: 0,
    results: [],
    current: 'loading',
    text: '',
    speeds: { prefill: [], decode: [] },
  }
}

function heard(state: RunningSmoke, update: SmokeUpdate): Partial<RunningSmoke> {
  switch (update.kind) {
    case 'loading':
      return { loadFraction: update.fraction }
    case 'check-started':
      return { current: update.id, text: '' }
    case 'text':
      return { text: state.text + update.text }
    case 'check-done':
      return { results: [...state.results, update.result], text: '' }
    case 'bench':
      return {
        current: 'bench',
        speeds: { ...state.speeds, [update.what]: [...state.speeds[update.what], update.tokensPerSecond] },
      }
  }
}
