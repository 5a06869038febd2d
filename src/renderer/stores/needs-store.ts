import { createStore, type StoreApi } from 'zustand/vanilla'
import { DEFAULT_NEEDS, type Needs } from '#core/advise/needs.ts'

export interface NeedsState {
  readonly needs: Needs
  readonly change: (part: Partial<Needs>) => void
  readonly reset: () => void
}

export type NeedsStore = StoreApi<NeedsState>

/** What the team wants: the app's one set of inputs, obeyed by every page. */
export function createNeedsStore(initial: Needs = DEFAULT_NEEDS): NeedsStore {
  return createStore((set) => ({
    needs: initial,
    change: (part) => set((state) => ({ needs: { ...state.needs, ...part } })),
    reset: () => set({ needs: DEFAULT_NEEDS }),
  }))
}
