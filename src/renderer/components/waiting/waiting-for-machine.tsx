import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMachineState, useStores } from '../../app/use-stores.ts'
import { StateMessage } from '../state-message/state-message.tsx'

/** What stands on a page that needs the machine until it is known: the page's own skeleton, or why there is none. */
export function WaitingForMachine({ skeleton }: { readonly skeleton: ReactNode }) {
  const { t } = useTranslation()
  const scan = useMachineState((state) => state.scan)
  const known = useMachineState((state) => state.machine !== null)
  const lost = useMachineState((state) => state.lost)
  const stores = useStores()
  if (lost !== null) {
    return <StateMessage title={t('verdict.waitingTitle')} sentence={t('verdict.waitingSentence')} />
  }
  if (known || scan.kind !== 'failed') return skeleton
  return (
    <StateMessage
      title={t('verdict.failedTitle')}
      sentence={[scan.failure.message, scan.failure.nextStep ?? t('verdict.failedSentence')].join(' ')}
      technical={scan.failure.technical}
      action={<Button onClick={() => void stores.machine.scanAgain()}>{t('machine.scanAgain')}</Button>}
    />
  )
}
