import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

/** Names the window or tab after the page, as bookmarks and screen readers need it. */
export function usePageTitle(page: string): void {
  const { t } = useTranslation()
  const title = t('frame.title', { page })
  useEffect(() => {
    document.title = title
  }, [title])
}
