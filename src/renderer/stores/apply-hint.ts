import type { ChangeHint } from '#core/advise/recommendation.ts'
import type { WhatIf } from '#core/machine/what-if.ts'
import type { NeedsStore } from './needs-store.ts'
import type { WhatIfStore } from './what-if-store.ts'

const NO_CHANGE: WhatIf = { gpus: [], vramBytes: null, ramBytes: null, cpuCores: null, backend: null }

/** Applies what a hint proposes: other needs, or memory on top of the machine it was worked out for. */
export function applyHint(
  hint: ChangeHint,
  stores: { readonly needs: NeedsStore; readonly whatIf: WhatIfStore },
): void {
  if (hint.needs !== undefined) stores.needs.getState().change(hint.needs)
  if (hint.addMemoryBytes !== undefined) {
    const { whatIf, choose } = stores.whatIf.getState()
    const before = whatIf?.addedBytes ?? 0
    choose({ ...(whatIf ?? NO_CHANGE), addedBytes: before + hint.addMemoryBytes })
  }
}
