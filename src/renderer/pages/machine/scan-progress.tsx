import { useTranslation } from 'react-i18next'
import { formatNumber } from '#core/figure/format-figure.ts'
import { useMachineState } from '../../app/use-stores.ts'

/** What the scan is waiting for, or how long it took. */
export function ScanProgress() {
  const { t } = useTranslation()
  const scan = useMachineState((state) => state.scan)
  return (
    <p className="lighter" role="status">
      {scan.kind === 'scanning' && scan.pendingTools.length > 0
        ? t('machine.waitingFor', { tools: scan.pendingTools.join(', ') })
        : ''}
      {scan.kind === 'scanning' && scan.pendingTools.length === 0 ? t('machine.scanning') : ''}
      {scan.kind === 'finished' ? t('machine.scannedIn', { seconds: formatNumber(scan.seconds) }) : ''}
      {scan.kind === 'failed' ? t('machine.scanFailed', { message: scan.failure.message }) : ''}
    </p>
  )
}
