import { Button, Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Figure } from '#core/figure/figure.ts'
import { formatCount, formatNumber } from '#core/figure/format-figure.ts'
import type { Machine } from '#core/machine/machine.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import { disturbanceWords } from '#core/measure/disturbance.ts'
import type { MachineSpeed } from '#core/measure/measurement.ts'
import { MACHINE_SPEED_ANCHOR } from '../../../app/routes.ts'
import { useMeasurements, useMeasuring, useStores } from '../../../app/use-stores.ts'
import { useSectionAnchor } from '../../../app/use-section-anchor.ts'
import { BasisMark } from '../../../components/figure/basis-mark.tsx'
import { FigureValue } from '../../../components/figure/figure-value.tsx'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import machineClasses from '../machine.module.css'
import classes from './measured.module.css'
import { useRemoval } from './use-removal.ts'

/** How fast this machine reads and computes, measured in a few seconds; every estimate leans on it. */
export function MachineSpeedSection({ machine }: { readonly machine: Machine }) {
  const { t } = useTranslation()
  useSectionAnchor(MACHINE_SPEED_ANCHOR)
  const measurements = useMeasurements()
  const fingerprint = machineFingerprint(machine)
  const speed = measurements?.machines.find((each) => each.machine === fingerprint) ?? null
  return (
    <section
      id={MACHINE_SPEED_ANCHOR}
      tabIndex={-1}
      aria-label={t('measurements.speedTitle')}
      className={machineClasses.section}
    >
      <h2>{t('measurements.speedTitle')}</h2>
      {machine.asIf ? (
        <p className="lighter">{t('measurements.speedAsIf')}</p>
      ) : (
        <>
          {speed === null ? (
            <p className={machineClasses.paragraph}>{t('measurements.speedOffer')}</p>
          ) : (
            <SpeedTable speed={speed} />
          )}
          <MeasureMachine speed={speed} />
        </>
      )}
    </section>
  )
}

/** The start of it, how far it is, and how the last one ended. */
function MeasureMachine({ speed }: { readonly speed: MachineSpeed | null }) {
  const { t } = useTranslation()
  const { machineSpeed } = useStores()
  const state = useStore(machineSpeed)
  const dryRun = useMeasuring(({ kind }) => kind === 'running')
  const remove = useRemoval()
  if (state.kind === 'running') {
    const percent = Math.floor((state.update?.fraction ?? 0) * 100)
    return (
      <div className={classes.progress}>
        <p className={classes.stage}>
          <span role="status">{state.update?.step ?? t('measurements.speedStarting')}</span>
          <span className="numeral">{t('measure.percent', { number: formatCount(percent) })}</span>
        </p>
        <Progress value={percent} aria-label={t('measurements.speedProgress')} transitionDuration={100} />
        <Button size="compact-sm" variant="default" onClick={() => machineSpeed.cancel()}>
          {t('measure.cancel')}
        </Button>
      </div>
    )
  }
  return (
    <>
      {state.kind === 'cancelled' ? (
        <p className="lighter" role="status">
          {t('measurements.speedCancelled')}
        </p>
      ) : null}
      {state.kind === 'failed' ? <InlineFailure failure={state.failure} /> : null}
      <div className={machineClasses.buttons}>
        <Button
          size="sm"
          variant={speed === null ? 'filled' : 'default'}
          disabled={dryRun}
          onClick={() => void machineSpeed.start()}
        >
          {t(speed === null ? 'measurements.speedMeasure' : 'measurements.speedAgain')}
        </Button>
        {speed === null ? null : (
          <Button
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={t('measurements.speedRemove')}
            onClick={() => remove([speed.id], t('measurements.speedRemoved'))}
          >
            {t('measurements.remove')}
          </Button>
        )}
        {dryRun ? <span className="lighter">{t('measurements.speedWait')}</span> : null}
      </div>
    </>
  )
}

function SpeedTable({ speed }: { readonly speed: MachineSpeed }) {
  const { t } = useTranslation()
  const { engine, measuredAt, formats, cacheBytesPerSecond, tookSeconds } = speed
  const asOf = measuredAt.slice(0, 10)
  const disturbed = disturbanceWords(speed)
  const source = t('measurements.speedSource', { backend: engine.backend, count: engine.threads })
  const reading = (value: number, interval: Partial<Pick<Figure, 'low' | 'high'>>): Figure => ({
    value,
    unit: 'bytesPerSecond',
    basis: 'measured',
    source,
    asOf,
    ...interval,
  })
  return (
    <>
      <p className="lighter">
        {t('measurements.speedWhen', { date: asOf, seconds: formatNumber(tookSeconds), source })}
      </p>
      {disturbed === null ? null : <p role="alert">{disturbed}</p>}
      <div className={classes.scroll}>
        <table className={classes.speeds}>
          <thead>
            <tr>
              <th scope="col">{t('measurements.format')}</th>
              <th scope="col">{t('measurements.reads')}</th>
              <th scope="col">{t('measurements.prompts')}</th>
            </tr>
          </thead>
          <tbody>
            {formats.map((format) => (
              <tr key={format.quantizationId}>
                <th scope="row">{format.quantizationId}</th>
                <td>
                  <FigureValue
                    figure={reading(format.readBytesPerSecond, {
                      low: format.lowReadBytesPerSecond,
                      high: format.highReadBytesPerSecond,
                    })}
                  />
                </td>
                <td>
                  <span className="numeral">
                    {t('measurements.gigaflops', {
                      number: formatNumber(format.prefillFlopsPerSecond / 1e9),
                    })}
                  </span>{' '}
                  <BasisMark basis="measured" />
                </td>
              </tr>
            ))}
            <tr>
              <th scope="row">{t('measurements.cache')}</th>
              <td>
                <FigureValue
                  figure={
                    cacheBytesPerSecond === null
                      ? { value: null, unit: 'bytesPerSecond', reason: t('measurements.cacheUnknown') }
                      : reading(cacheBytesPerSecond, {})
                  }
                />
              </td>
              <td />
            </tr>
          </tbody>
        </table>
      </div>
    </>
  )
}
