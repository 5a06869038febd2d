import { createStore, type StoreApi } from 'zustand/vanilla'
import type { InhouseClient } from '#contract/client.ts'
import type { MachineSpeedUpdate } from '#contract/measuring.ts'
import { toFailure, type Failure } from '../api/failure.ts'

export type MachineSpeedState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly update: MachineSpeedUpdate | null }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface MachineSpeedStore extends StoreApi<MachineSpeedState> {
  /** Measures the machine unless that is under way; it goes on whatever page is shown. */
  readonly start: () => Promise<void>
  readonly cancel: () => void
}

/** Measuring how fast the machine itself reads and computes. `onKept` is called when a result was kept. */
export function createMachineSpeedStore(client: InhouseClient, onKept: () => void): MachineSpeedStore {
  const store = createStore<MachineSpeedState>(() => ({ kind: 'idle' }))
  let life = new AbortController()

  async function start(): Promise<void> {
    if (store.getState().kind === 'running') return
    life = new AbortController()
    const { signal } = life
    store.setState({ kind: 'running', update: null }, true)
    try {
      const updates = await client.measurements.measureMachine(undefined, { signal })
      for (let step = await updates.next(); step.done !== true; step = await updates.next()) {
        store.setState({ kind: 'running', update: step.value }, true)
      }
      store.setState({ kind: 'idle' }, true)
      onKept()
    } catch (error) {
      if (signal.aborted) store.setState({ kind: 'cancelled' }, true)
      else store.setState({ kind: 'failed', failure: toFailure(error) }, true)
    }
  }

  return { ...store, start, cancel: () => life.abort() }
}
