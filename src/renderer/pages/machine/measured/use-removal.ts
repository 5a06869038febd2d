import { useTranslation } from 'react-i18next'
import { useStores } from '../../../app/use-stores.ts'
import { useUndoOffer } from '../../../app/use-undoable-change.tsx'

/** Removes what was measured and offers to take that back; what fails is said by the list itself. */
export function useRemoval(): (ids: readonly string[], message: string) => void {
  const { t } = useTranslation()
  const { measurements } = useStores()
  const offer = useUndoOffer()
  return (ids, message) => {
    void measurements.remove(ids).then((removed) => {
      if (removed) offer(`${message} ${t('measurements.undoUntil')}`, () => void measurements.restore(ids))
    })
  }
}
