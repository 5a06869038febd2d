import { createStore, type StoreApi } from 'zustand/vanilla'
import type { InhouseClient } from '#contract/client.ts'

export interface SpeedOfferState {
  /** Null until what was remembered is known: an offer must not flash up and go. */
  readonly dismissed: boolean | null
}

export interface SpeedOfferStore extends StoreApi<SpeedOfferState> {
  readonly load: () => Promise<void>
  readonly dismiss: () => void
  /** Takes a dismissal back. */
  readonly offer: () => void
}

/** Whether the offer to measure this machine's speed was put away, once for every face of this machine. */
export function createSpeedOfferStore(client: InhouseClient): SpeedOfferStore {
  const store = createStore<SpeedOfferState>(() => ({ dismissed: null }))
  function put(dismissed: boolean): void {
    store.setState({ dismissed })
    // A backend that is gone is shown by the frame; the offer then comes back at the next start.
    client.settings.set({ speedOfferDismissed: dismissed }).catch(() => undefined)
  }
  async function load(): Promise<void> {
    const { speedOfferDismissed } = await client.settings.get()
    if (store.getState().dismissed === null) store.setState({ dismissed: speedOfferDismissed })
  }
  return { ...store, load, dismiss: () => put(true), offer: () => put(false) }
}
