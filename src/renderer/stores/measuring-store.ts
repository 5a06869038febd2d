import { createStore, type StoreApi } from 'zustand/vanilla'
import type { InhouseClient } from '#contract/client.ts'
import type { MeasureSample, MeasureUpdate, MeasureWish } from '#contract/measuring.ts'
import type { Measurement } from '#core/measure/measurement.ts'
import type { PlanRequest } from '#core/plan/plan.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'
import { toFailure, type Failure } from '../api/failure.ts'

/** What is measured, and what estimates of it were made with before. */
export interface MeasuringSubject {
  readonly wish: MeasureWish
  /** Address of the page it was started on, with the plan that is measured. */
  readonly href: string
  readonly request: PlanRequest
  readonly speedModel: SpeedModel
}

export type MeasuringState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'running'
      readonly subject: MeasuringSubject
      /** Null until the run says something of itself. */
      readonly update: MeasureUpdate | null
      /** Every repetition so far, in order. */
      readonly samples: readonly MeasureSample[]
      /** It was asked to stop and is taking its files away. */
      readonly cancelling: boolean
    }
  | { readonly kind: 'done'; readonly subject: MeasuringSubject; readonly measurement: Measurement }
  | { readonly kind: 'cancelled'; readonly subject: MeasuringSubject }
  | { readonly kind: 'failed'; readonly subject: MeasuringSubject; readonly failure: Failure }

export interface MeasuringStore extends StoreApi<MeasuringState> {
  /** Starts a dry run unless one is running; it goes on whatever page is shown. */
  readonly start: (subject: MeasuringSubject) => Promise<void>
  readonly cancel: () => void
  /** Forgets how the last run ended. */
  readonly dismiss: () => void
}

/** The one dry run that can be under way. `onKept` is called when a finished one was kept. */
export function createMeasuringStore(client: InhouseClient, onKept: () => void): MeasuringStore {
  const store = createStore<MeasuringState>(() => ({ kind: 'idle' }))
  let life = new AbortController()

  function follow(update: MeasureUpdate): void {
    const state = store.getState()
    if (state.kind !== 'running') return
    const samples = update.sample === null ? state.samples : [...state.samples, update.sample]
    store.setState({ ...state, update, samples }, true)
  }

  async function start(subject: MeasuringSubject): Promise<void> {
    if (store.getState().kind === 'running') return
    life = new AbortController()
    const { signal } = life
    store.setState({ kind: 'running', subject, update: null, samples: [], cancelling: false }, true)
    try {
      const updates = await client.measurements.run(subject.wish, { signal })
      for (let step = await updates.next(); ; step = await updates.next()) {
        if (step.done === true) {
          store.setState({ kind: 'done', subject, measurement: step.value }, true)
          onKept()
          return
        }
        follow(step.value)
      }
    } catch (error) {
      if (signal.aborted) store.setState({ kind: 'cancelled', subject }, true)
      else store.setState({ kind: 'failed', subject, failure: toFailure(error) }, true)
    }
  }

  function cancel(): void {
    const state = store.getState()
    if (state.kind !== 'running') return
    store.setState({ ...state, cancelling: true }, true)
    life.abort()
  }

  function dismiss(): void {
    if (store.getState().kind !== 'running') store.setState({ kind: 'idle' }, true)
  }

  return { ...store, start, cancel, dismiss }
}
