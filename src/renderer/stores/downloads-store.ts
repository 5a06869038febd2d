import { createStore, type StoreApi } from 'zustand/vanilla'
import type { InhouseClient } from '#contract/client.ts'
import type { Download, DownloadWish } from '#contract/library.ts'
import { toFailure, type Failure } from '../api/failure.ts'

export interface DownloadsState {
  /** Null until they are known. */
  readonly downloads: readonly Download[] | null
  /** Why they cannot be followed, or a change did not work; cleared by the next success. */
  readonly failure: Failure | null
}

export interface DownloadsStore extends StoreApi<DownloadsState> {
  /** Follows all downloads until `stop`; following twice is following once. */
  readonly follow: () => Promise<void>
  readonly stop: () => void
  /** The changes answer whether they worked; what failed is in the state. */
  readonly start: (wish: DownloadWish) => Promise<boolean>
  readonly pause: (id: string) => Promise<boolean>
  readonly resume: (id: string) => Promise<boolean>
  /** Stops it and removes what was fetched; of one that has ended only the entry. */
  readonly cancel: (id: string) => Promise<boolean>
}

export interface DownloadsStoreOptions {
  /** Called when a file has arrived whole while this page was following. */
  readonly onDone: () => void
  /** Pause before a lost stream is followed again. */
  readonly retryMilliseconds?: number
}

/** What is fetched, by whichever face started it. */
export function createDownloadsStore(client: InhouseClient, options: DownloadsStoreOptions): DownloadsStore {
  const { onDone, retryMilliseconds = 3000 } = options
  const store = createStore<DownloadsState>(() => ({ downloads: null, failure: null }))
  let life: AbortController | null = null
  let lost: Failure | null = null

  function take(downloads: readonly Download[]): void {
    const before = store.getState().downloads
    store.setState((state) => ({ downloads, failure: state.failure === lost ? null : state.failure }))
    lost = null
    if (before !== null && downloads.some((each) => isNewlyDone(each, before))) onDone()
  }

  async function followOnce(signal: AbortSignal): Promise<void> {
    for await (const downloads of await client.downloads.watch(undefined, { signal })) take(downloads)
  }

  async function follow(): Promise<void> {
    if (life !== null) return
    life = new AbortController()
    const { signal } = life
    while (!signal.aborted) {
      try {
        await followOnce(signal)
      } catch (error) {
        lost = toFailure(error)
        if (!signal.aborted) store.setState({ failure: lost })
      }
      await pause(retryMilliseconds, signal)
    }
  }

  async function change(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      store.setState({ failure: null })
      return true
    } catch (error) {
      store.setState({ failure: toFailure(error) })
      return false
    }
  }

  return {
    ...store,
    follow,
    stop() {
      life?.abort()
      life = null
    },
    start: (wish) => change(() => client.downloads.start(wish)),
    pause: (id) => change(() => client.downloads.pause({ id })),
    resume: (id) => change(() => client.downloads.resume({ id })),
    cancel: (id) => change(() => client.downloads.cancel({ id })),
  }
}

function isNewlyDone({ id, state }: Download, before: readonly Download[]): boolean {
  return state === 'done' && before.find((each) => each.id === id)?.state !== 'done'
}

/** Resolves after a while, at once when nobody waits any more. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
