import { createStore, type StoreApi } from 'zustand/vanilla'
import type { InhouseClient } from '#contract/client.ts'
import type { PlanWish } from '#contract/measuring.ts'
import { keyOfSimulation } from '#core/plan/apply-simulation.ts'
import type { Simulation } from '#core/plan/simulation.ts'
import { toFailure, type Failure } from '../api/failure.ts'

export interface SimulationsState {
  /** What the allocator said, by `simulationKey` of the plan. */
  readonly known: ReadonlyMap<string, Simulation>
}

export interface SimulationsStore extends StoreApi<SimulationsState> {
  /** Asks the allocator about a plan unless it is known; answers what went wrong, or null. An aborted question answers null. */
  readonly ask: (key: string, wish: PlanWish, signal?: AbortSignal) => Promise<Failure | null>
}

/** Plans that llama.cpp's allocator was asked about: kept while the app is open, so that going back costs nothing. */
export function createSimulationsStore(client: InhouseClient): SimulationsStore {
  const store = createStore<SimulationsState>(() => ({ known: new Map() }))
  async function ask(key: string, wish: PlanWish, signal?: AbortSignal): Promise<Failure | null> {
    if (store.getState().known.has(key)) return null
    try {
      const simulation = await client.plans.simulate(wish, signal === undefined ? {} : { signal })
      store.setState(({ known }) => ({ known: new Map(known).set(keyOfSimulation(simulation), simulation) }))
      return null
    } catch (error) {
      return signal?.aborted === true ? null : toFailure(error)
    }
  }
  return { ...store, ask }
}
