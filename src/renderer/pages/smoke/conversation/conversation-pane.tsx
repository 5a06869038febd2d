import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Failure } from '../../../api/failure.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import type { ChatStore } from '../../../stores/chat-store.ts'
import type { SessionStore } from '../../../stores/session-store.ts'
import { useAsking } from '../use-asking.ts'
import { ComingMessage } from './coming-message.tsx'
import { FirstSteps } from './first-steps.tsx'
import { Message } from './message.tsx'
import { SessionFailure } from './session-failure.tsx'
import classes from './conversation.module.css'

interface ConversationPaneProps {
  readonly chat: ChatStore
  readonly session: SessionStore
  /** The second model, which is only asked what the first is asked. */
  readonly isOther?: boolean
}

/** Closer to the end than this counts as reading along. */
const AT_END_PIXELS = 48

/** Everything that was said with one model, and what it says now. */
export function ConversationPane({ chat, session, isOther = false }: ConversationPaneProps) {
  const { t } = useTranslation()
  const messages = useStore(chat, (state) => state.messages)
  const coming = useStore(chat, (state) => state.coming)
  const failure = useStore(chat, (state) => state.failure)
  const isFailed = useStore(session, (state) => state.kind === 'failed')
  const wantsJson = useStore(chat, (state) => state.settings.jsonSchema !== null)
  const scroll = useReadingAlong([messages, coming, failure, isFailed])
  const last = messages.at(-1)
  return (
    <div className={classes.scroll} ref={scroll} tabIndex={0} role="region" aria-label={t('smoke.said')}>
      {messages.length === 0 && coming === null && !isFailed ? (
        isOther ? (
          <p className="lighter">{t('smoke.otherEmpty')}</p>
        ) : (
          <FirstSteps />
        )
      ) : null}
      <ol className={classes.messages}>
        {messages.map((message) => (
          <Message
            key={message.id}
            message={message}
            isLast={message === last}
            canChange={!isOther && coming === null}
            isJson={wantsJson}
          />
        ))}
      </ol>
      {coming === null ? null : <ComingMessage coming={coming} session={session} />}
      {failure === null || isFailed ? null : (
        <AnswerFailure failure={failure} isUnanswered={last?.role === 'user'} />
      )}
      <SessionFailure session={session} canForce={!isOther} />
      <p className="visually-hidden" role="status">
        {coming === null && last?.role === 'assistant' ? t('smoke.answered', { text: last.text }) : ''}
      </p>
    </div>
  )
}

interface AnswerFailureProps {
  readonly failure: Failure
  /** Nothing came: there is no answer whose own button asks again. */
  readonly isUnanswered: boolean
}

/** Why an answer did not come, or not whole. */
function AnswerFailure({ failure, isUnanswered }: AnswerFailureProps) {
  const { t } = useTranslation()
  const { retry } = useAsking()
  return (
    <div className={classes.failed}>
      <InlineFailure failure={failure} />
      {isUnanswered ? (
        <div className={classes.actions}>
          <Button size="sm" variant="default" onClick={retry}>
            {t('smoke.tryAgain')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

/** Keeps the end in sight while the reader is there; whoever scrolls up is left in peace. */
function useReadingAlong(changes: readonly unknown[]) {
  const scroll = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  useEffect(() => {
    const box = scroll.current
    if (box === null) return
    const onScroll = (): void => {
      isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < AT_END_PIXELS
    }
    box.addEventListener('scroll', onScroll, { passive: true })
    return () => box.removeEventListener('scroll', onScroll)
  }, [])
  useEffect(() => {
    const box = scroll.current
    if (box !== null && isAtEnd.current) box.scrollTop = box.scrollHeight
    // Whatever lengthens the list is told by the caller: their number never changes.
    // oxlint-disable-next-line react/exhaustive-deps
  }, changes)
  return scroll
}
