import { createStore, type StoreApi } from 'zustand/vanilla'
import type { InhouseClient } from '#contract/client.ts'
import type { Endpoint, KnownEndpoint } from '#contract/endpoints.ts'
import { toFailure, type Failure } from '../api/failure.ts'

export interface EndpointsState {
  /** Null until they were asked for. */
  readonly list: readonly KnownEndpoint[] | null
  /** Models each endpoint says it has, by its id. */
  readonly models: Readonly<Record<string, readonly string[]>>
  /** Why an endpoint did not say, by its id. */
  readonly failures: Readonly<Record<string, Failure>>
  /** Why this host cannot keep keys; null where it can, or is not known yet. */
  readonly cannotStore: string | null
  readonly failure: Failure | null
}

export interface EndpointsStore extends StoreApi<EndpointsState> {
  /** Lists them, and asks each for its models. */
  readonly load: () => Promise<void>
  /** Keeps the endpoint, and its key where one is given; the key is handed on and forgotten. Answers whether it worked. */
  readonly save: (endpoint: Endpoint, key: string | null) => Promise<boolean>
  readonly remove: (id: string) => Promise<void>
}

/** OpenAI-compatible servers. */
export function createEndpointsStore(client: InhouseClient): EndpointsStore {
  const store = createStore<EndpointsState>(() => ({
    list: null,
    models: {},
    failures: {},
    cannotStore: null,
    failure: null,
  }))

  async function askModels(id: string): Promise<void> {
    try {
      const models = await client.endpoints.models({ id })
      store.setState((state) => ({
        models: { ...state.models, [id]: models },
        failures: without(state.failures, id),
      }))
    } catch (error) {
      store.setState(({ failures }) => ({ failures: { ...failures, [id]: toFailure(error) } }))
    }
  }

  function show(list: readonly KnownEndpoint[]): void {
    store.setState({ list, failure: null })
    for (const { endpoint } of list) void askModels(endpoint.id)
  }

  async function attempt(work: () => Promise<readonly KnownEndpoint[]>): Promise<boolean> {
    try {
      show(await work())
      return true
    } catch (error) {
      store.setState({ failure: toFailure(error) })
      return false
    }
  }

  return {
    ...store,
    async load() {
      await attempt(async () => {
        const { cannotStore } = await client.secrets.state()
        store.setState({ cannotStore })
        return client.endpoints.list()
      })
    },
    save: (endpoint, key) =>
      attempt(async () => {
        await client.endpoints.save(endpoint)
        if (key !== null) await client.secrets.set({ name: `endpoint:${endpoint.id}`, value: key })
        return client.endpoints.list()
      }),
    async remove(id) {
      await attempt(() => client.endpoints.remove({ id }))
    },
  }
}

function without<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}
