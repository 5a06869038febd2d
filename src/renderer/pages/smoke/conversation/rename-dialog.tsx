import { Button, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStores } from '../../../app/use-stores.ts'
import classes from './conversation.module.css'

interface RenameDialogProps {
  readonly opened: boolean
  readonly title: string
  readonly onClose: () => void
}

/** Asks for the name of a conversation. */
export function RenameDialog({ opened, title, onClose }: RenameDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={onClose} title={t('smoke.rename')}>
      {opened ? <RenameForm title={title} onClose={onClose} /> : null}
    </Modal>
  )
}

function RenameForm({ title, onClose }: Omit<RenameDialogProps, 'opened'>) {
  const { t } = useTranslation()
  const { chat } = useStores()
  const [draft, setDraft] = useState(title)
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        chat.rename(draft.trim())
        onClose()
      }}
    >
      <TextInput
        label={t('smoke.name')}
        data-autofocus
        maxLength={200}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
      <Button type="submit" disabled={draft.trim() === ''}>
        {t('smoke.renameDo')}
      </Button>
    </form>
  )
}
