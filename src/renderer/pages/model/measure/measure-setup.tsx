import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount, formatFileSize, formatMemory } from '#core/figure/format-figure.ts'
import type { MeasurePreview, MeasureRefusal, MeasureWish } from '#contract/measuring.ts'
import type { DryRunMethod } from '#core/measure/measurement.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import { durationRangeText } from '../../../components/figure/duration-text.ts'
import classes from './measure.module.css'
import { usePreview } from './use-preview.ts'

const METHODS: readonly DryRunMethod[] = ['quick', 'full']

interface MeasureSetupProps {
  readonly wish: MeasureWish
  readonly totalLayers: number
  readonly onMethod: (method: DryRunMethod) => void
  readonly onStart: (force: boolean) => void
}

/** How thoroughly to measure, what that takes, and the start of it. */
export function MeasureSetup({ wish, totalLayers, onMethod, onStart }: MeasureSetupProps) {
  const { t } = useTranslation()
  const state = usePreview(wish)
  const refusal = state.kind === 'ready' ? state.preview.refusal : null
  return (
    <div className={classes.setup}>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t('measure.method')}
        value={wish.method}
        data={METHODS.map((value) => ({ value, label: t(`measure.methods.${value}`) }))}
        onChange={(value) => {
          const method = METHODS.find((each) => each === value)
          if (method !== undefined) onMethod(method)
        }}
      />
      <p className={classes.hint}>{t(`measure.methodHint.${wish.method}`)}</p>
      {state.kind === 'failed' ? <InlineFailure failure={state.failure} /> : null}
      {state.kind === 'loading' ? <Skeleton height={72} aria-label={t('measure.previewing')} /> : null}
      {state.kind === 'ready' ? <Preview preview={state.preview} totalLayers={totalLayers} /> : null}
      {refusal === null ? (
        <Button
          size="sm"
          className={classes.start}
          disabled={state.kind !== 'ready'}
          onClick={() => onStart(false)}
        >
          {t('measure.start')}
        </Button>
      ) : (
        <Refused refusal={refusal} onForce={() => onStart(true)} />
      )}
    </div>
  )
}

interface PreviewProps {
  readonly preview: MeasurePreview
  readonly totalLayers: number
}

function Preview({ preview, totalLayers }: PreviewProps) {
  const { t } = useTranslation()
  const { lowSeconds, highSeconds, memoryBytes, freeMemoryBytes, diskBytes, freeDiskBytes, sparse } = preview
  return (
    <dl className={classes.facts}>
      <div>
        <dt>{t('measure.takes')}</dt>
        <dd>{durationRangeText(lowSeconds, highSeconds)}</dd>
      </div>
      <div>
        <dt>{t('measure.layersRun')}</dt>
        <dd>
          {t('measure.layersOf', {
            layers: preview.layers
              .map(formatCount)
              .reduce((first, second) => t('measure.layersAnd', { first, second })),
            total: formatCount(totalLayers),
          })}
        </dd>
      </div>
      <div>
        <dt>{t('measure.memory')}</dt>
        <dd>
          {t('measure.ofFree', { amount: formatMemory(memoryBytes), free: formatMemory(freeMemoryBytes) })}
        </dd>
      </div>
      <div>
        <dt>{t('measure.disk')}</dt>
        <dd>
          {freeDiskBytes === null
            ? formatFileSize(diskBytes)
            : t('measure.ofFree', { amount: formatFileSize(diskBytes), free: formatFileSize(freeDiskBytes) })}
          {sparse ? null : <span className={classes.hint}> {t('measure.notSparse')}</span>}
        </dd>
      </div>
      <div>
        <dt>{t('measure.download')}</dt>
        <dd>{t('measure.nothing')}</dd>
      </div>
    </dl>
  )
}

interface RefusedProps {
  readonly refusal: MeasureRefusal
  readonly onForce: () => void
}

/** Why it does not start; where it may be forced, in two steps, the second of which says the risk. */
function Refused({ refusal, onForce }: RefusedProps) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  return (
    <div className={classes.refused}>
      <p role="status">
        <strong>{refusal.message}</strong> {refusal.nextStep}
      </p>
      {refusal.canForce && !asked ? (
        <Button size="compact-sm" variant="default" onClick={() => setAsked(true)}>
          {t('measure.runAnyway')}
        </Button>
      ) : null}
      {asked ? (
        <div className={classes.confirm}>
          <p>{t('measure.forceRisk')}</p>
          <span className={classes.buttons}>
            <Button size="compact-sm" color="red" onClick={onForce}>
              {t('measure.forceConfirm')}
            </Button>
            <Button size="compact-sm" variant="default" autoFocus onClick={() => setAsked(false)}>
              {t('measure.forceKeep')}
            </Button>
          </span>
        </div>
      ) : null}
    </div>
  )
}
