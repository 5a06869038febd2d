import { SegmentedControl, Slider, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PlanEvaluation } from '#core/plan/plan.ts'
import type { KvType, Quantization } from '#core/quant/quantization.ts'
import { formatContext } from '#core/figure/format-figure.ts'
import { USER_STEPS } from '../../frame/need-steps.ts'
import classes from './plan-controls.module.css'
import type { PlanView } from './plan-view.ts'
import { HardwareControl } from './hardware-control.tsx'
import { Labelled } from './labelled.tsx'
import { QuantizationControl } from './quantization-control.tsx'
import { StepSlider } from './step-slider.tsx'

const KV_TYPES: readonly KvType[] = ['f16', 'q8_0', 'q4_0']

interface PlanControlsProps {
  readonly view: PlanView
  /** What is in force after address, needs and defaults were settled. */
  readonly plan: PlanEvaluation
  readonly quantizations: readonly Quantization[]
  readonly contexts: readonly number[]
  /** False: there is nothing to put layers on. */
  readonly hasAccelerator: boolean
  /** Moves with a slider: shown at once, not yet in the address. */
  readonly onDraft: (part: Partial<PlanView>) => void
  /** Chosen: goes into the address; `quietly` for sliders, whose every stop would fill the history. */
  readonly onChoose: (part: Partial<PlanView>, quietly?: boolean) => void
}

/** Everything about the plan that can be changed; sliders answer while they move. */
export function PlanControls(props: PlanControlsProps) {
  const { view, plan, quantizations, contexts, onDraft, onChoose } = props
  const { t } = useTranslation()
  return (
    <section className={classes.controls} aria-label={t('model.controls')}>
      <HardwareControl />
      <QuantizationControl
        chosenId={plan.quantizationId}
        quantizations={quantizations}
        onChoose={(quantizationId) => onChoose({ quantizationId })}
      />
      <StepSlider
        label={t('model.context')}
        steps={contexts}
        value={plan.contextTokens}
        format={(tokens) => t('model.tokens', { tokens: formatContext(tokens) })}
        onDraft={(contextTokens) => onDraft({ contextTokens })}
        onChoose={(contextTokens) => onChoose({ contextTokens }, true)}
      />
      <StepSlider
        label={t('model.users')}
        steps={USER_STEPS}
        value={plan.users}
        format={(users) => t('model.usersAtOnce', { count: users })}
        onDraft={(users) => onDraft({ users })}
        onChoose={(users) => onChoose({ users }, true)}
      />
      <Labelled label={t('model.kvType')} hint={t('model.kvTypeHint')}>
        {(labelId) => (
          <SegmentedControl
            size="xs"
            fullWidth
            aria-labelledby={labelId}
            value={view.kvType}
            data={KV_TYPES.map((value) => ({ value, label: t(`model.kv.${value}`) }))}
            onChange={(value) => {
              const kvType = KV_TYPES.find((type) => type === value)
              if (kvType !== undefined) onChoose({ kvType })
            }}
          />
        )}
      </Labelled>
      <GpuLayers {...props} />
      <Switch
        size="sm"
        label={t('model.flashAttention')}
        description={t('model.flashAttentionHint')}
        checked={view.flashAttention}
        onChange={(event) => onChoose({ flashAttention: event.currentTarget.checked })}
      />
    </section>
  )
}

function GpuLayers({ view, plan, hasAccelerator, onDraft, onChoose }: PlanControlsProps) {
  const { t } = useTranslation()
  if (!hasAccelerator) return null
  const { gpuLayers: layers, totalLayers } = plan.placement
  const automatic = view.gpuLayers === 'auto'
  return (
    <Labelled
      label={t('model.gpuLayers')}
      value={t(automatic ? 'model.gpuLayersAuto' : 'model.gpuLayersOf', { layers, total: totalLayers })}
    >
      {(labelId) => (
        <div className={classes.layers}>
          <Slider
            className={classes.slider}
            size="sm"
            min={0}
            max={totalLayers}
            label={null}
            value={layers}
            thumbProps={{ 'aria-labelledby': labelId }}
            onChange={(gpuLayers) => onDraft({ gpuLayers })}
            onChangeEnd={(gpuLayers) => onChoose({ gpuLayers }, true)}
          />
          <Switch
            size="sm"
            label={t('model.auto')}
            checked={automatic}
            onChange={(event) => onChoose({ gpuLayers: event.currentTarget.checked ? 'auto' : layers })}
          />
        </div>
      )}
    </Labelled>
  )
}
