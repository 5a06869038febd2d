import { advise } from '#core/advise/advise.ts'
import type { Needs } from '#core/advise/needs.ts'
import type { Advice } from '#core/advise/recommendation.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import { applyWhatIf, type WhatIf } from '#core/machine/what-if.ts'
import { memoizeLast } from '../stores/memoize-last.ts'
import { useCatalogueState, useMachineState, useNeeds, useWhatIf } from './use-stores.ts'

/** One answer for all components: a change of needs is computed once, whoever looks. */
const adviceFor = memoizeLast((machine: Machine, needs: Needs, catalogue: Catalogue): Advice =>
  advise({ machine, needs, catalogue }),
)

const chosenMachine = memoizeLast((machine: Machine, whatIf: WhatIf, catalogue: Catalogue): Machine => {
  const applied = applyWhatIf(machine, whatIf, catalogue.accelerators)
  return applied.kind === 'ok' ? applied.machine : machine
})

/** The machine everything is computed for: the scanned one, or the "as if" hardware chosen in the needs bar. */
export function useChosenMachine(): Machine | null {
  const scanned = useMachineState((state) => state.machine)
  const whatIf = useWhatIf()
  const catalogue = useCatalogue()
  if (scanned === null || whatIf === null || catalogue === null) return scanned
  return chosenMachine(scanned, whatIf, catalogue)
}

/** The catalogue once it is there. */
export function useCatalogue(): Catalogue | null {
  const state = useCatalogueState()
  return state.kind === 'ready' ? state.catalogue : null
}

/** What the core advises for the chosen machine and needs; null until machine and catalogue are known. */
export function useAdvice(): Advice | null {
  const machine = useChosenMachine()
  const needs = useNeeds()
  const catalogue = useCatalogue()
  return machine === null || catalogue === null ? null : adviceFor(machine, needs, catalogue)
}
