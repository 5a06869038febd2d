import { useTranslation } from 'react-i18next'
import { useAppInfo, useMachineState } from '../app/use-stores.ts'
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
    </footer>
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
