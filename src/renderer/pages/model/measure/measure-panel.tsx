import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { Link, useLocation, useSearch } from 'wouter'
import type { MeasureWish } from '#contract/measuring.ts'
import type { DryRunMethod } from '#core/measure/measurement.ts'
import type { SpeedModel } from '#core/speed/speed-model.ts'
import type { AskablePlan } from '../../../app/askable-plan.ts'
import { useStores } from '../../../app/use-stores.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import type { MeasuringState, MeasuringSubject } from '../../../stores/measuring-store.ts'
import { MeasureOutcome } from './measure-outcome.tsx'
import { MeasureRunning } from './measure-running.tsx'
import { MeasureSetup } from './measure-setup.tsx'
import classes from './measure.module.css'

interface MeasurePanelProps {
  readonly askable: AskablePlan
  readonly speedModel: SpeedModel
  readonly method: DryRunMethod
  readonly onMethod: (method: DryRunMethod) => void
}

/** Streams that are decoded at once: how speed falls per user costs a full run little and a quick one too much. */
const STREAMS: Readonly<Record<DryRunMethod, readonly number[]>> = { quick: [1], full: [1, 2, 4, 8] }

/** A dry run of the plan of the page: chosen, under way, or done. */
export function MeasurePanel({ askable, speedModel, method, onMethod }: MeasurePanelProps) {
  const { t } = useTranslation()
  const { measuring } = useStores()
  const state = useStore(measuring)
  const [path] = useLocation()
  const href = `${path}?${useSearch()}`
  if (askable.refused !== null) return <p>{t(`measure.notHere.${askable.refused}`)}</p>
  const wish: MeasureWish = { plan: askable.wish, method, streams: STREAMS[method], force: false }
  const start = (force: boolean): void => {
    void measuring.start({ wish: { ...wish, force }, href, request: askable.request, speedModel })
  }
  if (state.kind === 'running') {
    return isOf(state.subject, askable) ? (
      <MeasureRunning run={state} />
    ) : (
      <p>
        {t('measure.otherRuns', { model: state.subject.request.model.name })}{' '}
        <Link href={state.subject.href}>{t('measure.seeIt')}</Link>
      </p>
    )
  }
  if (state.kind === 'done' && isOf(state.subject, askable)) {
    return (
      <>
        <MeasureOutcome subject={state.subject} measurement={state.measurement} />
        <Button
          size="compact-sm"
          variant="default"
          className={classes.start}
          onClick={() => measuring.dismiss()}
        >
          {t('measure.again')}
        </Button>
      </>
    )
  }
  return (
    <>
      {state.kind !== 'idle' && isOf(state.subject, askable) ? <Ended state={state} /> : null}
      <MeasureSetup
        wish={wish}
        totalLayers={askable.request.model.architecture.layers}
        onMethod={onMethod}
        onStart={start}
      />
    </>
  )
}

/** Why the last run of this plan kept nothing. */
function Ended({ state }: { readonly state: MeasuringState }) {
  const { t } = useTranslation()
  switch (state.kind) {
    case 'cancelled':
      return (
        <p role="status" className={classes.said}>
          {t('measure.cancelled')}
        </p>
      )
    case 'failed':
      return (
        <div>
          <InlineFailure failure={state.failure} />
          <p className={classes.said}>{t('measure.filesGone')}</p>
        </div>
      )
    default:
      return null
  }
}

/** The same plan, whatever the method. */
function isOf({ wish }: MeasuringSubject, askable: AskablePlan): boolean {
  return JSON.stringify(wish.plan) === JSON.stringify(askable.wish)
}
