import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMachineState } from '../../app/use-stores.ts'
import { ScanFailed } from '../scan-failed/scan-failed.tsx'
import { StateMessage } from '../state-message/state-message.tsx'

/** What stands on a page that needs the machine until it is known: the page's own skeleton, or why there is none. */
export function WaitingForMachine({ skeleton }: { readonly skeleton: ReactNode }) {
  const { t } = useTranslation()
  const scan = useMachineState((state) => state.scan)
  const known = useMachineState((state) => state.machine !== null)
  const lost = useMachineState((state) => state.lost)
  if (lost !== null) {
    return <StateMessage title={t('verdict.waitingTitle')} sentence={t('verdict.waitingSentence')} />
  }
  if (known || scan.kind !== 'failed') return skeleton
  return <ScanFailed failure={scan.failure} />
}
