import { Button, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Target } from '#contract/chatting.ts'
import { useStores } from '../../../app/use-stores.ts'
import { targetKey } from '../../../stores/chosen-model-store.ts'
import classes from './chooser.module.css'
import { EndpointDialog } from './endpoint-dialog.tsx'
import { LoadOptions } from './load-options.tsx'
import { useTargets } from './use-targets.ts'

/** What is asked: the pilot, a file of this machine, a model behind an endpoint, and perhaps a second one beside it. */
export function ModelChooser() {
  const { t } = useTranslation()
  const { chat, chosenModel, otherChat, otherSession, session } = useStores()
  const { other, target } = useStore(chosenModel)
  const { groups, targetOf } = useTargets()
  const [isAdding, setIsAdding] = useState(false)
  const isAnswering = useStore(chat, (state) => state.coming !== null)

  function choose(next: Target | null): void {
    if (next === null || targetKey(next) === targetKey(target)) return
    session.close()
    chosenModel.setState({ target: next, adapters: [], contextTokens: null, gpuLayers: 'auto' })
  }

  function chooseOther(next: Target | null): void {
    otherSession.close()
    otherChat.begin()
    chosenModel.setState({ other: next })
  }

  return (
    <div className={classes.chooser}>
      <Select
        searchable
        allowDeselect={false}
        disabled={isAnswering}
        label={t('smoke.modelLabel')}
        data={groups}
        value={targetKey(target)}
        nothingFoundMessage={t('smoke.noModel')}
        onChange={(key) => choose(targetOf(key))}
      />
      <Select
        searchable
        clearable
        disabled={isAnswering}
        label={t('smoke.otherLabel')}
        placeholder={t('smoke.otherNone')}
        clearButtonProps={{ 'aria-label': t('smoke.otherClear') }}
        data={groups}
        value={other === null ? null : targetKey(other)}
        nothingFoundMessage={t('smoke.noModel')}
        onChange={(key) => chooseOther(targetOf(key))}
      />
      <div className={classes.buttons}>
        <LoadOptions />
        <Button variant="default" size="sm" onClick={() => setIsAdding(true)}>
          {t('smoke.endpoints')}
        </Button>
      </div>
      <EndpointDialog opened={isAdding} onClose={() => setIsAdding(false)} />
    </div>
  )
}
