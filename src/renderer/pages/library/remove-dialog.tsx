import { Button, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatFileSize } from '#core/figure/format-figure.ts'
import { useStores } from '../../app/use-stores.ts'
import type { LibraryRow } from './library-row.ts'
import classes from './library.module.css'

interface RemoveDialogProps {
  /** Null: closed. */
  readonly row: LibraryRow | null
  readonly onClose: () => void
}

/** Asks before a file is deleted: that cannot be taken back. */
export function RemoveDialog({ row, onClose }: RemoveDialogProps) {
  const { t } = useTranslation()
  const { library } = useStores()
  if (row === null) return null
  const { name, path, fileBytes } = row.file
  const size = formatFileSize(fileBytes)
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('library.removeTitle', { name })}
      closeButtonProps={{ 'aria-label': t('library.close') }}
    >
      <div className={classes.dialog}>
        <p>{t('library.removeSentence', { size })}</p>
        <p>
          <code className={classes.path}>{path}</code>
        </p>
        <div className={classes.buttons}>
          <Button data-autofocus variant="default" onClick={onClose}>
            {t('library.keep')}
          </Button>
          <Button
            color="red"
            onClick={() => {
              onClose()
              void library.remove(path)
            }}
          >
            {t('library.removeConfirm', { size })}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
