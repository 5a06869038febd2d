import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../api/failure.ts'
import { useStores } from '../../app/use-stores.ts'
import { StateMessage } from '../state-message/state-message.tsx'

/** The page of a machine that could not be scanned: what happened, and the way to try again. */
export function ScanFailed({ failure }: { readonly failure: Failure }) {
  const { t } = useTranslation()
  const stores = useStores()
  return (
    <StateMessage
      title={t('machine.failedTitle')}
      sentence={[failure.message, failure.nextStep ?? t('machine.failedSentence')].join(' ')}
      technical={failure.technical}
      action={
        <Button leftSection={<IconRefresh size={16} />} onClick={() => void stores.machine.scanAgain()}>
          {t('machine.scanAgain')}
        </Button>
      }
    />
  )
}
