import { Button, NumberInput, Popover } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useStores } from '../../../app/use-stores.ts'
import type { ChosenModel } from '../../../stores/chosen-model-store.ts'
import { AdapterChoice } from './adapter-choice.tsx'
import classes from './chooser.module.css'

const LEAST_CONTEXT_TOKENS = 256

/** How the model is loaded: context, layers on the GPU, a LoRA adapter; holds when it is loaded next. */
export function LoadOptions() {
  const { t } = useTranslation()
  const { chosenModel, session } = useStores()
  const chosen = useStore(chosenModel)
  if (chosen.target.kind === 'endpoint') return null

  function change(part: Partial<ChosenModel>): void {
    session.close()
    chosenModel.setState(part)
  }

  return (
    <Popover width={320} position="bottom-end" trapFocus withArrow>
      <Popover.Target>
        <Button variant="default" size="sm">
          {t('smoke.options')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.options}>
        <NumberInput
          label={t('smoke.context')}
          description={t('smoke.contextHint')}
          placeholder={t('smoke.automatic')}
          min={LEAST_CONTEXT_TOKENS}
          step={1024}
          allowDecimal={false}
          value={chosen.contextTokens ?? ''}
          onBlur={(event) => {
            const tokens = Number(event.currentTarget.value.replaceAll(/\D/g, ''))
            const contextTokens = tokens >= LEAST_CONTEXT_TOKENS ? tokens : null
            if (contextTokens !== chosen.contextTokens) change({ contextTokens })
          }}
        />
        <NumberInput
          label={t('smoke.gpuLayers')}
          description={t('smoke.gpuLayersHint')}
          placeholder={t('smoke.automatic')}
          min={0}
          allowDecimal={false}
          value={chosen.gpuLayers === 'auto' ? '' : chosen.gpuLayers}
          onBlur={(event) => {
            const { value } = event.currentTarget
            const gpuLayers = value === '' ? 'auto' : Number(value)
            if (gpuLayers !== chosen.gpuLayers) change({ gpuLayers })
          }}
        />
        <AdapterChoice adapter={chosen.adapters[0] ?? null} onChange={(adapters) => change({ adapters })} />
      </Popover.Dropdown>
    </Popover>
  )
}
