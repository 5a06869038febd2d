import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { isKnown } from '#core/figure/figure.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import { formatCount } from '#core/figure/format-figure.ts'
import { disturbanceWords } from '#core/measure/disturbance.ts'
import { estimateError, estimateErrorWords } from '#core/measure/estimate-error.ts'
import { measuredFigures } from '#core/measure/measured-figures.ts'
import type { Measurement } from '#core/measure/measurement.ts'
import { predictedAccelerator, predictedRam } from '#core/measure/predicted-memory.ts'
import { evaluatePlan } from '#core/plan/evaluate-plan.ts'
import { MACHINE_PATH, MEASUREMENTS_ANCHOR } from '../../../app/routes.ts'
import { durationText } from '../../../components/figure/duration-text.ts'
import { FigureValue } from '../../../components/figure/figure-value.tsx'
import type { MeasuringSubject } from '../../../stores/measuring-store.ts'
import classes from './measure.module.css'

interface MeasureOutcomeProps {
  readonly subject: MeasuringSubject
  readonly measurement: Measurement
}

interface Compared {
  readonly name: string
  readonly before: MaybeFigure
  readonly measured: MaybeFigure
}

/** What was measured beside what was said before, with the difference in words. */
export function MeasureOutcome({ subject, measurement }: MeasureOutcomeProps) {
  const { t } = useTranslation()
  const rows = useComparison(subject, measurement)
  const disturbed = disturbanceWords(measurement)
  return (
    <div className={classes.outcome}>
      <p role="status">
        <strong>{t('measure.done', { time: durationText(measurement.tookSeconds) })}</strong>{' '}
        {disturbed === null ? t('measure.doneNext') : null}{' '}
        <Link href={`${MACHINE_PATH}#${MEASUREMENTS_ANCHOR}`}>{t('measure.all')}</Link>
      </p>
      {disturbed === null ? null : <p role="alert">{disturbed}</p>}
      <dl className={classes.compared}>
        {rows.map(({ name, before, measured }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={classes.measured}>
              <FigureValue figure={measured} />
            </dd>
            <dd className={classes.hint}>
              {t('measure.before')} <FigureValue figure={before} /> {wordsOf(before, measured)}
            </dd>
          </div>
        ))}
      </dl>
      {measurement.memory === null ? <p className={classes.hint}>{t('measure.noMemory')}</p> : null}
    </div>
  )
}

function useComparison(
  { request, speedModel }: MeasuringSubject,
  measurement: Measurement,
): readonly Compared[] {
  const { t } = useTranslation()
  return useMemo(() => {
    const plan = evaluatePlan(request, speedModel)
    const { decode, decodeDepthTokens, prefill, promptTokens, memory } = measuredFigures(
      measurement,
      plan.depthTokens,
    )
    const depthTokens = decodeDepthTokens ?? plan.depthTokens
    const rows: readonly Compared[] = [
      {
        name: t('measure.decodeAt', { tokens: formatCount(depthTokens) }),
        before: evaluatePlan({ ...request, depthTokens }, speedModel).decode,
        measured: decode,
      },
      {
        name: t('measure.prefillOf', { tokens: formatCount(promptTokens ?? 0) }),
        before: plan.prefill,
        measured: prefill,
      },
      { name: t('measure.ram'), before: predictedRam(plan), measured: memory.resident },
      { name: t('measure.cards'), before: predictedAccelerator(plan), measured: memory.accelerator },
    ]
    return rows.filter(({ measured }) => isKnown(measured))
  }, [request, speedModel, measurement, t])
}

/** A measured value that was measured again was no estimate. */
function wordsOf(before: MaybeFigure, measured: MaybeFigure): string {
  const error = estimateError(before, measured)
  if (error === null || !isKnown(before) || before.basis === 'measured') return ''
  return `· ${estimateErrorWords(error)}`
}
