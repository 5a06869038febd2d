import { createStore, type StoreApi } from 'zustand/vanilla'
import type { WhatIf } from '#core/machine/what-if.ts'

export interface WhatIfState {
  /** Null: the machine as scanned. */
  readonly whatIf: WhatIf | null
  readonly choose: (whatIf: WhatIf | null) => void
}

export type WhatIfStore = StoreApi<WhatIfState>

/** Hardware that is not there: "as if it had two RTX 3090 and 128 GB". */
export function createWhatIfStore(initial: WhatIf | null = null): WhatIfStore {
  return createStore((set) => ({
    whatIf: initial,
    choose: (whatIf) => set({ whatIf }),
  }))
}
