import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './copy-button.module.css'

interface CopyButtonProps {
  readonly label: string
  /** Gives the text when the button is pressed. */
  readonly read: () => Promise<string>
}

type Outcome = 'none' | 'copying' | 'copied' | 'unread' | 'failed'

/** Copies a text and says beside the button whether it worked. */
export function CopyButton({ label, read }: CopyButtonProps) {
  const { t } = useTranslation()
  const [outcome, setOutcome] = useState<Outcome>('none')

  async function copy(): Promise<void> {
    setOutcome('copying')
    const text = await read().catch(() => null)
    if (text === null) return setOutcome('unread')
    const written = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
    setOutcome(written ? 'copied' : 'failed')
  }

  return (
    <span className={classes.holder}>
      <Button
        variant="default"
        size="sm"
        loading={outcome === 'copying'}
        leftSection={outcome === 'copied' ? <IconCheck size={16} /> : <IconCopy size={16} />}
        onClick={() => void copy()}
      >
        {label}
      </Button>
      <span role="status" className={classes.said}>
        {outcome === 'copied' ? t('frame.copied') : ''}
        {outcome === 'unread' ? t('frame.copyUnread') : ''}
        {outcome === 'failed' ? t('frame.copyFailed') : ''}
      </span>
    </span>
  )
}
