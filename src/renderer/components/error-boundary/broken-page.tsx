import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { StateMessage } from '../state-message/state-message.tsx'

export function BrokenPage({ error }: { readonly error: Error }) {
  const { t } = useTranslation()
  return (
    <StateMessage
      title={t('frame.brokenTitle')}
      sentence={t('frame.brokenSentence')}
      technical={error.stack ?? error.message}
      action={<Button onClick={() => window.location.reload()}>{t('frame.reload')}</Button>}
    />
  )
}
