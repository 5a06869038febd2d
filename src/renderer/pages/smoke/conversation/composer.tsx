import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { useStores } from '../../../app/use-stores.ts'
import { useAsking } from '../use-asking.ts'
import classes from './conversation.module.css'

/** Where a prompt is written: Enter sends it, Shift and Enter start a line, Escape stops the answer. */
export function Composer() {
  const { t } = useTranslation()
  const { chat, otherChat } = useStores()
  const { ask, stop } = useAsking()
  const isAnswering = useStore(chat, (state) => state.coming !== null)
  const isOtherAnswering = useStore(otherChat, (state) => state.coming !== null)
  const [draft, setDraft] = useState('')
  const isBusy = isAnswering || isOtherAnswering

  function send(): void {
    if (draft.trim() === '' || isBusy) return
    ask(draft.trim())
    setDraft('')
  }

  function onKeyDown(event: KeyboardEvent): void {
    // While letters of another script are put together, Enter ends the word and not the message.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      send()
    }
    if (event.key === 'Escape' && isBusy) stop()
  }

  return (
    <div className={classes.composer}>
      <Textarea
        autosize
        minRows={2}
        maxRows={10}
        label={t('smoke.prompt')}
        placeholder={t('smoke.promptHint')}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {isBusy ? (
        <Button variant="default" onClick={stop}>
          {t('smoke.stop')}
        </Button>
      ) : (
        <Button disabled={draft.trim() === ''} onClick={send}>
          {t('smoke.send')}
        </Button>
      )}
    </div>
  )
}
