import { Slider } from '@mantine/core'
import { nearestStep } from '../../frame/need-steps.ts'
import { Labelled } from './labelled.tsx'

interface StepSliderProps {
  readonly label: string
  /** Ascending. */
  readonly steps: readonly number[]
  readonly value: number
  readonly format: (value: number) => string
  readonly onDraft: (value: number) => void
  readonly onChoose: (value: number) => void
}

/** A slider over uneven steps, each as far apart as the next; the value in force may lie between two. */
export function StepSlider({ label, steps, value, format, onDraft, onChoose }: StepSliderProps) {
  const send = (to: (value: number) => void) => (index: number) => {
    const step = steps[index]
    if (step !== undefined) to(step)
  }
  return (
    <Labelled label={label} value={format(value)}>
      {(labelId) => (
        <Slider
          size="sm"
          min={0}
          max={steps.length - 1}
          step={1}
          label={null}
          value={nearestStep(steps, value)}
          thumbProps={{ 'aria-labelledby': labelId, 'aria-valuetext': format(value) }}
          onChange={send(onDraft)}
          onChangeEnd={send(onChoose)}
        />
      )}
    </Labelled>
  )
}
