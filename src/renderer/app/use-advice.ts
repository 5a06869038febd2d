import { useDeferredValue } from 'react'
import { advise } from '#core/advise/advise.ts'
import type { Needs } from '#core/advise/needs.ts'
import type { Advice } from '#core/advise/recommendation.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Machine } from '#core/machine/machine.ts'
import { applyWhatIf, type WhatIf, type WhatIfResult } from '#core/machine/what-if.ts'
import { calibrateSpeedModel } from '#core/measure/calibrate-speed-model.ts'
import type { Measurements } from '#core/measure/measurement.ts'
import { memoizeLast } from '../stores/memoize-last.ts'
import { useCatalogueState, useMachineState, useMeasurements, useNeeds, useWhatIf } from './use-stores.ts'

/** One answer for all components: a change of needs is computed once, whoever looks. */
const adviceFor = memoizeLast((machine: Machine, needs: Needs, catalogue: Catalogue): Advice =>
  advise({ machine, needs, catalogue }),
)

const applyLast = memoizeLast((machine: Machine, whatIf: WhatIf, catalogue: Catalogue): WhatIfResult =>
  applyWhatIf(machine, whatIf, catalogue.accelerators),
)

const calibratedFor = memoizeLast(
  (catalogue: Catalogue, machine: Machine, measurements: Measurements): Catalogue => ({
    ...catalogue,
    speedModel: calibrateSpeedModel(catalogue, machine, measurements),
  }),
)

/** The "as if" hardware applied to the scanned machine; null where none is asked for or not all is known yet. */
function useAppliedWhatIf(): WhatIfResult | null {
  const scanned = useMachineState((state) => state.machine)
  const whatIf = useWhatIf()
  const catalogue = useCatalogue()
  if (scanned === null || whatIf === null || catalogue === null) return null
  return applyLast(scanned, whatIf, catalogue)
}

/** The machine everything is computed for: the scanned one, or the "as if" hardware chosen in the needs bar. */
export function useChosenMachine(): Machine | null {
  const scanned = useMachineState((state) => state.machine)
  const whatIf = useWhatIf()
  const applied = useAppliedWhatIf()
  if (whatIf === null) return scanned
  if (applied === null) return null
  return applied.kind === 'ok' ? applied.machine : scanned
}

/** What is wrong with the "as if" hardware, which an address may bring; null where nothing is. */
export function useWhatIfProblem(): string | null {
  const applied = useAppliedWhatIf()
  return applied?.kind === 'error' ? applied.message : null
}

/** The catalogue as it was loaded, once it is there; what computes plans takes `useCalibratedCatalogue`. */
export function useCatalogue(): Catalogue | null {
  const state = useCatalogueState()
  return state.kind === 'ready' ? state.catalogue : null
}

/**
 * The catalogue with its speeds corrected by what was measured on the chosen machine: what every plan is computed with.
 * Measurements that are not there yet, or not readable, correct nothing.
 */
export function useCalibratedCatalogue(): Catalogue | null {
  const catalogue = useCatalogue()
  const machine = useChosenMachine()
  const measurements = useMeasurements()
  if (catalogue === null || machine === null || measurements === null) return catalogue
  if (measurements.runs.length + measurements.machines.length === 0) return catalogue
  return calibratedFor(catalogue, machine, measurements)
}

/** What the core advises for the chosen machine and needs; null until machine and catalogue are known. */
export function useAdvice(): Advice | null {
  const machine = useChosenMachine()
  // A slider moves first, its answer follows in the same frame or the next.
  const needs = useDeferredValue(useNeeds())
  const catalogue = useCalibratedCatalogue()
  return machine === null || catalogue === null ? null : adviceFor(machine, needs, catalogue)
}
