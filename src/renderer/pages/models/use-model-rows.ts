import { bestPlanPerModel } from '#core/advise/best-plan-per-model.ts'
import type { Needs } from '#core/advise/needs.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { findLicense } from '#core/license/license.ts'
import type { Machine } from '#core/machine/machine.ts'
import { useCalibratedCatalogue, useChosenMachine } from '../../app/use-advice.ts'
import { useNeeds } from '../../app/use-stores.ts'
import { memoizeLast } from '../../stores/memoize-last.ts'
import type { ModelRow } from './model-row.ts'

const rowsFor = memoizeLast((machine: Machine, needs: Needs, catalogue: Catalogue): readonly ModelRow[] =>
  bestPlanPerModel({ machine, needs, catalogue }).map((verdict) => ({
    ...verdict,
    license: findLicense(verdict.model.license, catalogue.licenses),
  })),
)

/** Every model with its best plan for the chosen machine and needs; null until machine and catalogue are known. */
export function useModelRows(): readonly ModelRow[] | null {
  const machine = useChosenMachine()
  const needs = useNeeds()
  const catalogue = useCalibratedCatalogue()
  return machine === null || catalogue === null ? null : rowsFor(machine, needs, catalogue)
}
