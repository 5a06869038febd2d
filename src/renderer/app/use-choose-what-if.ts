import { useTranslation } from 'react-i18next'
import { applyWhatIf, type WhatIf } from '#core/machine/what-if.ts'
import { readWhatIfText } from '../stores/what-if-text.ts'
import { useCatalogue } from './use-advice.ts'
import { useMachineState, useStores } from './use-stores.ts'

interface ChooseWhatIf {
  /** False while the scan or the list of accelerators is still on its way: nothing can be chosen yet. */
  readonly ready: boolean
  readonly choose: (whatIf: WhatIf | null) => void
  /** Chooses what a person typed; answers what is wrong with it, or null when it holds. */
  readonly chooseText: (text: string) => string | null
}

/** Chooses "as if" hardware after the core has accepted it. */
export function useChooseWhatIf(): ChooseWhatIf {
  const { t } = useTranslation()
  const stores = useStores()
  const scanned = useMachineState((state) => state.machine)
  const catalogue = useCatalogue()
  const { choose } = stores.whatIf.getState()

  function chooseText(text: string): string | null {
    const whatIf = readWhatIfText(text)
    if (whatIf === null) return t('needs.freeTextEmpty')
    if (scanned === null || catalogue === null) return t('needs.catalogueNeeded')
    const applied = applyWhatIf(scanned, whatIf, catalogue.accelerators)
    if (applied.kind === 'error') return applied.message
    choose(whatIf)
    return null
  }

  return { ready: scanned !== null && catalogue !== null, choose, chooseText }
}
