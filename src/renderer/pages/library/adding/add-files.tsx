import { Button, FileButton } from '@mantine/core'
import { IconFilePlus } from '@tabler/icons-react'
import { useCallback, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { pathOfFile } from '../../../api/desktop-bridge.ts'
import { useStores } from '../../../app/use-stores.ts'
import { filesToAdd, MODEL_FILE_ENDINGS } from '../../../stores/files-to-add.ts'
import classes from '../library.module.css'
import { useFileDrop } from './use-file-drop.ts'

/** Files to add, chosen or dropped anywhere on the page; what is done with them is asked first. */
export function AddFiles() {
  const { t } = useTranslation()
  const { adding } = useStores()
  const reset = useRef<() => void>(null)
  const ask = useCallback(
    (dropped: readonly File[]) => {
      const { files, rejected } = filesToAdd(dropped, pathOfFile)
      if (dropped.length > 0) adding.ask(files, rejected)
      // So that the same file can be chosen again.
      reset.current?.()
    },
    [adding],
  )
  const isOver = useFileDrop(ask)
  return (
    <div className={classes.chooser}>
      <FileButton multiple accept={MODEL_FILE_ENDINGS} resetRef={reset} onChange={ask}>
        {(props) => (
          <Button {...props} leftSection={<IconFilePlus size={16} aria-hidden />}>
            {t('library.chooseFiles')}
          </Button>
        )}
      </FileButton>
      <p className="lighter">{t('library.dropHint')}</p>
      {isOver ? <div className={classes.dropOver}>{t('library.dropHere')}</div> : null}
    </div>
  )
}
