import type { ChangeHint } from '#core/advise/recommendation.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { WhatIf } from '#core/machine/what-if.ts'
import type { NeedsStore } from './needs-store.ts'
import type { WhatIfStore } from './what-if-store.ts'

/** Applies what a hint proposes: other needs, or the same machine with more memory. */
export function applyHint(
  hint: ChangeHint,
  machine: Machine,
  stores: { readonly needs: NeedsStore; readonly whatIf: WhatIfStore },
): void {
  if (hint.needs !== undefined) stores.needs.getState().change(hint.needs)
  if (hint.addMemoryBytes !== undefined) {
    const { whatIf, choose } = stores.whatIf.getState()
    choose(withMoreMemory(whatIf, machine, hint.addMemoryBytes))
  }
}

const NO_CHANGE: WhatIf = { gpus: [], vramBytes: null, ramBytes: null, cpuCores: null, backend: null }

/** Memory goes to the first accelerator that has its own, else to system memory (which a unified device shares). */
function withMoreMemory(whatIf: WhatIf | null, machine: Machine, addBytes: number): WhatIf {
  const base = whatIf ?? NO_CHANGE
  const card = machine.accelerators.find((accelerator) => accelerator.usable && !accelerator.unified)
  const cardBytes = card?.memoryBytes ?? null
  if (cardBytes !== null) return { ...base, vramBytes: Math.round(cardBytes + addBytes) }
  return { ...base, ramBytes: Math.round((machine.memory.totalBytes ?? 0) + addBytes) }
}
