import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { useStores } from './use-stores.ts'
import classes from './undo.module.css'

const UNDO_MILLISECONDS = 12_000

/** Says that something was done and offers to take it back: `offer('Removed.', () => …)`. */
export function useUndoOffer(): (message: string, undo: () => void) => void {
  const { t } = useTranslation()
  return (message, undo) => {
    const id = notifications.show({
      autoClose: UNDO_MILLISECONDS,
      closeButtonProps: { 'aria-label': t('frame.close') },
      message: (
        <span className={classes.message}>
          <span>{message}</span>
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              undo()
              notifications.hide(id)
            }}
          >
            {t('frame.undo')}
          </Button>
        </span>
      ),
    })
  }
}

/** Runs a change of needs or hardware and offers to take it back: `change('Changed: …', () => …)`. */
export function useUndoableChange(): (message: string, run: () => void) => void {
  const { needs, whatIf } = useStores()
  const offer = useUndoOffer()
  return (message, run) => {
    const needsBefore = needs.getState().needs
    const whatIfBefore = whatIf.getState().whatIf
    run()
    offer(message, () => {
      needs.getState().change(needsBefore)
      whatIf.getState().choose(whatIfBefore)
    })
  }
}
