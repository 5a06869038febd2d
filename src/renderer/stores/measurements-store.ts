import { createStore, type StoreApi } from 'zustand/vanilla'
import type { InhouseClient } from '#contract/client.ts'
import type { ImportResult } from '#contract/measuring.ts'
import type { Measurements } from '#core/measure/measurement.ts'
import { toFailure, type Failure } from '../api/failure.ts'

export interface MeasurementsState {
  /** Null until they are known. */
  readonly measurements: Measurements | null
  /** Why they could not be read or changed; cleared by the next success. */
  readonly failure: Failure | null
}

export interface MeasurementsStore extends StoreApi<MeasurementsState> {
  readonly load: () => Promise<void>
  /** Answers whether it worked; what failed is in the state. */
  readonly remove: (ids: readonly string[]) => Promise<boolean>
  readonly restore: (ids: readonly string[]) => Promise<boolean>
  /** JSON lines of everything kept; null where that failed. */
  readonly exportText: () => Promise<string | null>
  /** What an import did; null where that failed. */
  readonly importText: (text: string) => Promise<ImportResult | null>
}

/** Everything measured, here and imported: one copy for every page and for the calibration of every estimate. */
export function createMeasurementsStore(client: InhouseClient): MeasurementsStore {
  const store = createStore<MeasurementsState>(() => ({ measurements: null, failure: null }))

  async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      const answer = await work()
      store.setState({ failure: null })
      return answer
    } catch (error) {
      store.setState({ failure: toFailure(error) })
      return null
    }
  }

  async function take(read: () => Promise<Measurements>): Promise<boolean> {
    const measurements = await attempt(read)
    if (measurements !== null) store.setState({ measurements })
    return measurements !== null
  }

  return {
    ...store,
    load: async () => void (await take(() => client.measurements.list())),
    remove: (ids) => take(() => client.measurements.remove({ ids: [...ids] })),
    restore: (ids) => take(() => client.measurements.restore({ ids: [...ids] })),
    exportText: () => attempt(() => client.measurements.export()),
    async importText(text) {
      const result = await attempt(() => client.measurements.import({ text }))
      if (result !== null && result.added > 0) await take(() => client.measurements.list())
      return result
    },
  }
}
