import { Button, Textarea } from '@mantine/core'
import { useEffect, useState } from 'react'
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
  useEscape(isBusy, stop)

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

/** What closes itself at Escape: there the key is not meant for the answer. */
const CLOSES_ITSELF = '[role="dialog"], [role="menu"], [role="listbox"]'

/** Stops the answer from anywhere: what was clicked to ask, a suggestion say, is gone and with it the focus. */
function useEscape(isBusy: boolean, stop: () => void): void {
  useEffect(() => {
    if (!isBusy) return
    const onKeyDown = ({ key, target }: globalThis.KeyboardEvent): void => {
      const isElsewhere = target instanceof Element && target.closest(CLOSES_ITSELF) !== null
      if (key === 'Escape' && !isElsewhere) stop()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [isBusy, stop])
}
