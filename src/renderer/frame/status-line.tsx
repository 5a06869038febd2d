import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { Link } from 'wouter'
import { formatCount } from '#core/figure/format-figure.ts'
import { AnchorLink } from '../app/anchor-link.tsx'
import { MACHINE_PATH, MACHINE_SPEED_ANCHOR, MEASUREMENTS_ANCHOR } from '../app/routes.ts'
import { useAppInfo, useMachineState, useMeasurements, useMeasuring, useStores } from '../app/use-stores.ts'
import { useCatalogue } from '../app/use-advice.ts'
import { useNow } from '../app/use-now.ts'
import { scanAge } from './scan-age.ts'
import classes from './status-line.module.css'

/** Where the numbers on the page come from: when scanned, data of which day, which llama.cpp. */
export function StatusLine() {
  const { t } = useTranslation()
  const catalogue = useCatalogue()
  const info = useAppInfo()
  return (
    <footer className={classes.line} aria-label={t('frame.status')}>
      <ScanStatus />
      {catalogue === null ? null : <span>{t('frame.dataOf', { date: catalogue.asOf })}</span>}
      {info === null ? null : (
        <span>
          {info.llamaCppRelease === null
            ? t('frame.noLlamaCpp')
            : t('frame.llamaCpp', {
                release: info.llamaCppRelease,
                version: info.nodeLlamaCppVersion ?? t('figures.unknown'),
              })}
        </span>
      )}
      <MeasurementCount />
      <MeasuringNow />
    </footer>
  )
}

function MeasurementCount() {
  const { t } = useTranslation()
  const count = useMeasurements()?.runs.length ?? 0
  if (count === 0) return null
  return (
    <AnchorLink path={MACHINE_PATH} anchor={MEASUREMENTS_ANCHOR}>
      {t('frame.measurements', { count, number: formatCount(count) })}
    </AnchorLink>
  )
}

/** Measuring goes on whatever page is shown: how far it is, and the way back to it. */
function MeasuringNow() {
  const { t } = useTranslation()
  const dryRun = useMeasuring((state) => state)
  const machine = useStore(useStores().machineSpeed)
  if (dryRun.kind === 'running') {
    const percent = percentOf(dryRun.update)
    const text = t('frame.measuring', {
      model: dryRun.subject.request.model.name,
      percent: formatCount(percent),
    })
    return (
      <MeasuringLine percent={percent}>
        <Link href={dryRun.subject.href}>{text}</Link>
      </MeasuringLine>
    )
  }
  if (machine.kind !== 'running') return null
  const percent = percentOf(machine.update)
  return (
    <MeasuringLine percent={percent}>
      <AnchorLink path={MACHINE_PATH} anchor={MACHINE_SPEED_ANCHOR}>
        {t('frame.measuringMachine', { percent: formatCount(percent) })}
      </AnchorLink>
    </MeasuringLine>
  )
}

function percentOf(update: { readonly fraction: number } | null): number {
  return Math.floor((update?.fraction ?? 0) * 100)
}

function MeasuringLine({ percent, children }: { readonly percent: number; readonly children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <span className={classes.measuring}>
      {children}
      <progress max={100} value={percent} aria-label={t('frame.measuringProgress')} />
    </span>
  )
}

function ScanStatus() {
  const { t } = useTranslation()
  const scan = useMachineState((state) => state.scan)
  const scannedAt = useMachineState((state) => state.machine?.scannedAt ?? null)
  const now = useNow()
  if (scan.kind === 'scanning') {
    const tools = scan.pendingTools.join(', ')
    return <span>{tools === '' ? t('frame.scanning') : t('frame.scanningWith', { tools })}</span>
  }
  if (scan.kind === 'failed') return <span>{t('frame.scanFailed')}</span>
  if (scannedAt === null) return <span>{t('frame.neverScanned')}</span>
  const age = scanAge(scannedAt, now)
  switch (age.kind) {
    case 'just-now':
      return <span>{t('frame.scannedJustNow')}</span>
    case 'minutes':
      return <span>{t('frame.scannedMinutes', { count: age.minutes })}</span>
    case 'date':
      return <span>{t('frame.scannedAt', { when: age.when })}</span>
  }
}
