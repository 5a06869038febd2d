import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { formatCount } from '#core/figure/format-figure.ts'
import { AnchorLink } from '../app/anchor-link.tsx'
import { measuringHref, modelNameOf } from '../app/measuring-words.ts'
import { MACHINE_PATH, MEASUREMENTS_ANCHOR } from '../app/routes.ts'
import { useAppInfo, useMachineState, useMeasurements, useMeasuring } from '../app/use-stores.ts'
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

/** A dry run goes on whatever page is shown: how far it is, and the way back to it. */
function MeasuringNow() {
  const { t } = useTranslation()
  const state = useMeasuring((measuring) => measuring)
  if (state.kind !== 'running') return null
  const percent = Math.floor((state.update?.fraction ?? 0) * 100)
  return (
    <span className={classes.measuring}>
      <Link href={measuringHref(state.subject)}>
        {t('frame.measuring', { model: modelNameOf(state.subject), percent: formatCount(percent) })}
      </Link>
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
