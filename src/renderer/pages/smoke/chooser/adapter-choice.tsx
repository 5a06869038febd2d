import { NumberInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Adapter } from '#contract/chatting.ts'
import { useLibrary, useStores } from '../../../app/use-stores.ts'

interface AdapterChoiceProps {
  readonly adapter: Adapter | null
  readonly onChange: (adapters: readonly Adapter[]) => void
}

/** The LoRA adapter that is applied: one of the library, the pilot's own, or one whose path is typed; and how strongly. */
export function AdapterChoice({ adapter, onChange }: AdapterChoiceProps) {
  const { t } = useTranslation()
  const known = useAdapters()
  const isKnown = known.some(({ value }) => value === adapter?.path)
  const [typed, setTyped] = useState(isKnown ? '' : (adapter?.path ?? ''))
  const choose = (path: string | null) =>
    onChange(path === null ? [] : [{ path, scale: adapter?.scale ?? 1 }])
  return (
    <>
      <Select
        clearable
        label={t('smoke.adapter')}
        description={known.length === 0 ? t('smoke.noAdapters') : t('smoke.adapterHint')}
        placeholder={t('smoke.adapterNone')}
        disabled={known.length === 0}
        clearButtonProps={{ 'aria-label': t('smoke.adapterClear') }}
        data={known}
        value={isKnown ? (adapter?.path ?? null) : null}
        comboboxProps={{ withinPortal: false }}
        onChange={(path) => {
          setTyped('')
          choose(path)
        }}
      />
      <TextInput
        label={t('smoke.adapterPath')}
        description={t('smoke.adapterPathHint')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => {
          const path = typed.trim()
          if (path !== '' || (adapter !== null && !isKnown)) choose(path === '' ? null : path)
        }}
      />
      {adapter === null ? null : (
        <NumberInput
          label={t('smoke.scale')}
          description={t('smoke.scaleHint')}
          min={0}
          max={2}
          step={0.1}
          value={adapter.scale}
          onChange={(scale) => {
            if (typeof scale === 'number') onChange([{ ...adapter, scale }])
          }}
        />
      )}
    </>
  )
}

/** Adapters of the library, and the one that ships beside the pilot where the pilot is chosen. */
function useAdapters(): { readonly value: string; readonly label: string }[] {
  const { t } = useTranslation()
  const { chosenModel } = useStores()
  const isPilot = useStore(chosenModel, (state) => state.target.kind === 'pilot')
  const files = useLibrary((state) => state.files)
  const listed = files
    .filter(({ header }) => header?.kind === 'adapter')
    .map(({ name, path }) => ({ value: path, label: name }))
  const pilot = files.find(({ place }) => place === 'pilot')
  if (!isPilot || pilot === undefined) return listed
  const shipped = pilot.path.replace(/[^/\\]+$/, 'brief-adapter')
  return [{ value: shipped, label: t('smoke.pilotAdapter') }, ...listed]
}
