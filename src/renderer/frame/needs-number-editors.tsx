import { NumberInput, Slider } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatContext, formatSpeed } from '#core/figure/format-figure.ts'
import { useNeeds, useStores } from '../app/use-stores.ts'
import { CONTEXT_STEPS, MOST_TOKENS, MOST_USERS, nearestStep, SPEED_STEPS, USER_STEPS } from './need-steps.ts'
import classes from './needs-bar.module.css'

export function ContextEditor() {
  const { t } = useTranslation()
  const { contextTokens } = useNeeds()
  const { needs } = useStores()
  return (
    <StepEditor
      label={t('needs.contextField')}
      hint={t('needs.contextHint')}
      value={contextTokens}
      least={256}
      most={MOST_TOKENS}
      steps={CONTEXT_STEPS}
      format={formatContext}
      onChange={(value) => needs.getState().change({ contextTokens: value })}
    />
  )
}

export function UsersEditor() {
  const { t } = useTranslation()
  const { users } = useNeeds()
  const { needs } = useStores()
  return (
    <StepEditor
      label={t('needs.usersField')}
      hint={t('needs.usersHint')}
      value={users}
      least={1}
      most={MOST_USERS}
      steps={USER_STEPS}
      format={String}
      onChange={(value) => needs.getState().change({ users: value })}
    />
  )
}

export function SpeedEditor() {
  const { t } = useTranslation()
  const { minTokensPerSecond } = useNeeds()
  const { needs } = useStores()
  return (
    <StepEditor
      label={t('needs.speedField')}
      hint={t('needs.speedHint')}
      value={minTokensPerSecond}
      least={0}
      most={MOST_TOKENS}
      steps={SPEED_STEPS}
      format={formatSpeed}
      onChange={(value) => needs.getState().change({ minTokensPerSecond: value })}
    />
  )
}

interface StepEditorProps {
  readonly label: string
  readonly hint: string
  readonly value: number
  readonly least: number
  readonly most: number
  /** Values of the slider's stops; the field beside it takes any whole number. */
  readonly steps: readonly number[]
  readonly format: (value: number) => string
  readonly onChange: (value: number) => void
}

/** A number as a field for exact values and a slider over sensible ones. */
function StepEditor({ label, hint, value, least, most, steps, format, onChange }: StepEditorProps) {
  return (
    <div className={classes.section}>
      <NumberInput
        label={label}
        description={hint}
        min={least}
        max={most}
        clampBehavior="blur"
        allowDecimal={false}
        allowNegative={false}
        thousandSeparator=","
        value={value}
        onChange={(typed) => {
          if (typeof typed === 'number' && typed >= least) onChange(typed)
        }}
      />
      <Slider
        thumbLabel={label}
        min={0}
        max={steps.length - 1}
        step={1}
        value={nearestStep(steps, value)}
        label={null}
        thumbValueText={(index) => format(steps[index] ?? value)}
        onChange={(index) => onChange(steps[index] ?? value)}
      />
    </div>
  )
}
