import { Select } from '@mantine/core'
import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { WhatIf } from '#core/machine/what-if.ts'
import { useCatalogue } from '../../app/use-advice.ts'
import { useStores } from '../../app/use-stores.ts'
import { writeWhatIfText } from '../../stores/what-if-text.ts'
import { gpuWord } from './gpu-word.ts'

const THIS_MACHINE = 'this machine'
const NO_GPU = 'none'
const SHOWN_AT_ONCE = 60

/** The GPUs asked for, else what else was; RAM and cores beside GPUs stand in the needs bar. */
function wordsOf(whatIf: WhatIf | null): string {
  if (whatIf === null) return THIS_MACHINE
  return whatIf.gpus.length === 0 ? writeWhatIfText(whatIf) : whatIf.gpus.join(', ')
}

/** "As if this GPU": sets the hardware of the whole app, as the needs bar does, so that no two pages differ. */
export const HardwareControl = memo(function HardwareControl() {
  const { t } = useTranslation()
  const store = useStores().whatIf
  const whatIf = useStore(store, (state) => state.whatIf)
  const choose = useStore(store, (state) => state.choose)
  const catalogue = useCatalogue()
  const inForce = wordsOf(whatIf)
  const options = useMemo(() => {
    const known = [
      { value: THIS_MACHINE, label: t('model.thisMachine') },
      { value: NO_GPU, label: t('model.noGpu') },
      ...(catalogue?.accelerators ?? []).map((spec) => ({ value: gpuWord(spec), label: spec.name })),
    ]
    const typed = known.some(({ value }) => value === inForce) ? [] : [{ value: inForce, label: inForce }]
    return [...typed, ...known]
  }, [catalogue, inForce, t])

  function put(value: string | null): void {
    if (value === null || value === inForce) return
    const { ramBytes = null, cpuCores = null } = whatIf ?? {}
    // Memory and backend belong to the device they were typed for; RAM and cores to the machine.
    const other = { gpus: [value], vramBytes: null, ramBytes, cpuCores, backend: null }
    choose(value === THIS_MACHINE ? null : other)
  }

  return (
    <Select
      size="xs"
      searchable
      allowDeselect={false}
      label={t('model.asIf')}
      description={t('model.asIfHint')}
      nothingFoundMessage={t('model.noSuchGpu')}
      limit={SHOWN_AT_ONCE}
      data={options}
      value={inForce}
      onChange={put}
    />
  )
})
