import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { useStores } from './use-stores.ts'
import classes from './undo.module.css'

const UNDO_MILLISECONDS = 12_000

/** Runs a change of needs or hardware and offers to take it back: `change('Changed: …', () => …)`. */
export function useUndoableChange(): (message: string, run: () => void) => void {
  const { t } = useTranslation()
  const { needs, whatIf } = useStores()
  return (message, run) => {
    const needsBefore = needs.getState().needs
    const whatIfBefore = whatIf.getState().whatIf
    run()
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
              needs.getState().change(needsBefore)
              whatIf.getState().choose(whatIfBefore)
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
