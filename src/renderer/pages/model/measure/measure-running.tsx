import { Button, Progress } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { evaluatePlan } from '#core/plan/evaluate-plan.ts'
import { formatCount, formatMemory } from '#core/figure/format-figure.ts'
import { durationText } from '../../../components/figure/duration-text.ts'
import { useStores } from '../../../app/use-stores.ts'
import type { MeasuringState } from '../../../stores/measuring-store.ts'
import classes from './measure.module.css'
import { SamplesChart } from './samples-chart.tsx'

interface MeasureRunningProps {
  readonly run: Extract<MeasuringState, { readonly kind: 'running' }>
}

/** A dry run under way: how far it is, what it has found so far, and the way to stop it. */
export function MeasureRunning({ run }: MeasureRunningProps) {
  const { t } = useTranslation()
  const { measuring } = useStores()
  const { update, samples, subject, cancelling } = run
  const percent = Math.floor((update?.fraction ?? 0) * 100)
  const stage = update === null ? t('measure.starting') : t(`measure.stages.${update.stage}`)
  const predicted = useMemo(() => evaluatePlan(subject.request, subject.speedModel).decode, [subject])
  return (
    <div className={classes.setup}>
      <p className={classes.stage}>
        <span role="status">{cancelling ? t('measure.cancelling') : stage}</span>
        <span className="numeral">{t('measure.percent', { number: formatCount(percent) })}</span>
      </p>
      <Progress value={percent} aria-label={t('measure.progress')} transitionDuration={100} />
      <p className={classes.hint}>
        {update === null || update.secondsLeft === null
          ? t('measure.timeUnknown')
          : t('measure.timeLeft', { time: durationText(update.secondsLeft) })}
        {update === null || update.residentBytes === null
          ? ''
          : ` · ${t('measure.resident', { amount: formatMemory(update.residentBytes) })}`}
      </p>
      <Button
        size="compact-sm"
        variant="default"
        className={classes.start}
        loading={cancelling}
        onClick={() => measuring.cancel()}
      >
        {t('measure.cancel')}
      </Button>
      <SamplesChart
        samples={samples}
        totalLayers={subject.request.model.architecture.layers}
        predicted={predicted}
      />
    </div>
  )
}
