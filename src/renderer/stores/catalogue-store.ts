import { createStore, type StoreApi } from 'zustand/vanilla'
import type { InhouseClient } from '#contract/client.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { toFailure, type Failure } from '../api/failure.ts'

export type CatalogueState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly catalogue: Catalogue }
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface CatalogueStore extends StoreApi<CatalogueState> {
  readonly load: () => Promise<void>
}

/** The catalogue, fetched once: models, accelerators, quantizations, licenses and the tables of the core. */
export function createCatalogueStore(client: InhouseClient): CatalogueStore {
  const store = createStore<CatalogueState>(() => ({ kind: 'loading' }))
  async function load(): Promise<void> {
    if (store.getState().kind === 'ready') return
    store.setState({ kind: 'loading' }, true)
    try {
      store.setState({ kind: 'ready', catalogue: await client.catalogue.get() }, true)
    } catch (error) {
      store.setState({ kind: 'failed', failure: toFailure(error) }, true)
    }
  }
  return { ...store, load }
}
