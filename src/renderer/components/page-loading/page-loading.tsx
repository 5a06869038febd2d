import { Skeleton, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** What stands in the page's place while its own files are fetched. */
export function PageLoading() {
  const { t } = useTranslation()
  return (
    <Stack gap="md" aria-busy="true" role="status" aria-label={t('frame.loadingPage')}>
      <Skeleton height={32} width="30%" />
      <Skeleton height={360} />
    </Stack>
  )
}
