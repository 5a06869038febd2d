import { createStore, type StoreApi } from 'zustand/vanilla'
import type { FreeMemory } from '#contract/answers.ts'
import type { InhouseClient } from '#contract/client.ts'
import type { Machine } from '#core/machine/machine.ts'
import { toFailure, type Failure } from '../api/failure.ts'

export type ScanState =
  | { readonly kind: 'not-started' }
  | { readonly kind: 'scanning'; readonly pendingTools: readonly string[] }
  | { readonly kind: 'finished'; readonly seconds: number }
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface MachineState {
  /** The last finished scan; while the first one takes long, what it knows so far. */
  readonly machine: Machine | null
  /** True while `machine` comes from a scan that has not finished. */
  readonly provisional: boolean
  readonly scan: ScanState
  readonly freeMemory: FreeMemory | null
  /** Set when the backend stopped answering; cleared when it answers again. */
  readonly lost: Failure | null
}

export interface MachineStore extends StoreApi<MachineState> {
  /** Shows the last scan, scans again and follows the free memory until `stop`. */
  readonly start: () => Promise<void>
  readonly scanAgain: () => Promise<void>
  readonly stop: () => void
}

export interface MachineStoreOptions {
  /** How long a first scan may run before its unfinished result is shown. */
  readonly patienceMilliseconds?: number
  /** Pause between two attempts to reach a backend that went away. */
  readonly retryMilliseconds?: number
}

const NOTHING_YET: MachineState = {
  machine: null,
  provisional: false,
  scan: { kind: 'not-started' },
  freeMemory: null,
  lost: null,
}

/** The machine under the app: the last scan at once, then a fresh one as it goes, and its free memory live. */
export function createMachineStore(client: InhouseClient, options: MachineStoreOptions = {}): MachineStore {
  const { patienceMilliseconds = 1500, retryMilliseconds = 3000 } = options
  const store = createStore<MachineState>(() => NOTHING_YET)
  const set = store.setState
  let life = new AbortController()

  function fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return
    const failure = toFailure(error)
    if (failure.kind === 'failed') set({ scan: { kind: 'failed', failure } })
    else loseBackend(failure)
  }

  function loseBackend(failure: Failure): void {
    life.abort()
    life = new AbortController()
    set((state) => ({
      lost: failure,
      freeMemory: null,
      scan: state.scan.kind === 'scanning' ? { kind: 'failed', failure } : state.scan,
    }))
    wait(retryMilliseconds, life.signal).then(() => start(), ignoreAbort)
  }

  async function scanAgain(): Promise<void> {
    const { signal } = life
    let newest: Machine | null = null
    let patient = true
    function showNewest(): void {
      const { machine, provisional } = store.getState()
      if (!patient && newest !== null && (machine === null || provisional)) {
        set({ machine: newest, provisional: true })
      }
    }
    const patience = setTimeout(() => {
      patient = false
      showNewest()
    }, patienceMilliseconds)
    set({ scan: { kind: 'scanning', pendingTools: [] } })
    try {
      const updates = await client.machine.scan(undefined, { signal })
      for (let step = await updates.next(); ; step = await updates.next()) {
        if (step.done === true) {
          const { machine, seconds } = step.value
          set({ machine, provisional: false, scan: { kind: 'finished', seconds } })
          return
        }
        newest = step.value.machine
        set({ scan: { kind: 'scanning', pendingTools: step.value.pendingTools } })
        showNewest()
      }
    } catch (error) {
      fail(error, signal)
    } finally {
      clearTimeout(patience)
    }
  }

  async function followFreeMemory(signal: AbortSignal): Promise<void> {
    try {
      const readings = await client.machine.watchFreeMemory(undefined, { signal })
      for await (const freeMemory of readings) set({ freeMemory })
      throw new Error('the stream of free memory ended')
    } catch (error) {
      if (signal.aborted) return
      const failure = toFailure(error)
      // A backend that answers but cannot read memory is alive: the page goes on without the live figures.
      if (failure.kind === 'failed') set({ freeMemory: null })
      else loseBackend(failure)
    }
  }

  async function start(): Promise<void> {
    life.abort()
    life = new AbortController()
    const { signal } = life
    try {
      const last = await client.machine.last()
      set((state) => ({ lost: null, machine: state.machine ?? last }))
    } catch (error) {
      fail(error, signal)
      return
    }
    await scanAgain()
    if (!signal.aborted) void followFreeMemory(signal)
  }

  return { ...store, start, scanAgain, stop: () => life.abort() }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}

/** A wait that was cut short: whoever cut it has started over. */
function ignoreAbort(): void {}
