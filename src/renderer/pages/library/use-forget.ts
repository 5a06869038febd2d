import { useTranslation } from 'react-i18next'
import type { LibraryFile } from '#contract/library.ts'
import { useUndoOffer } from '../../app/use-undoable-change.tsx'
import { useStores } from '../../app/use-stores.ts'

/** Takes a file out of the list that lies elsewhere, and offers to take that back. */
export function useForget(): (file: LibraryFile) => Promise<void> {
  const { t } = useTranslation()
  const { library } = useStores()
  const offer = useUndoOffer()
  return async ({ path, name }) => {
    if (!(await library.remove(path))) return
    offer(t('library.forgot', { name }), () => void library.reference(path))
  }
}
