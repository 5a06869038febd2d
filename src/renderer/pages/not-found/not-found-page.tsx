import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { VERDICT_PATH } from '../../app/routes.ts'
import { usePageTitle } from '../../app/use-page-title.ts'
import { StateMessage } from '../../components/state-message/state-message.tsx'

export function NotFoundPage() {
  const { t } = useTranslation()
  const [path] = useLocation()
  usePageTitle(t('notFound.title'))
  return (
    <StateMessage
      title={t('notFound.title')}
      sentence={t('notFound.sentence', { path })}
      action={
        <Button component={Link} href={VERDICT_PATH}>
          {t('notFound.toVerdict')}
        </Button>
      }
    />
  )
}
