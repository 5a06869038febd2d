import { Button, Textarea } from '@mantine/core'
import { memo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatMessage } from '#core/chat/conversation.ts'
import { generationWords } from '#core/chat/generation-words.ts'
import { CopyButton } from '../../../components/copy-button/copy-button.tsx'
import { useAsking } from '../use-asking.ts'
import classes from './conversation.module.css'
import { Markdown } from './markdown.tsx'
import { Thought } from './thought.tsx'

interface MessageProps {
  readonly message: ChatMessage
  readonly isLast: boolean
  readonly canChange: boolean
  /** Answers are held to a JSON schema. */
  readonly isJson: boolean
}

/** One thing said; memoized, because a long conversation must not be drawn anew for each word that comes. */
export const Message = memo(function Message(props: MessageProps) {
  return props.message.role === 'user' ? <Question {...props} /> : <Answer {...props} />
})

function Question({ message, canChange }: MessageProps) {
  const { t } = useTranslation()
  const { resend } = useAsking()
  const [draft, setDraft] = useState<string | null>(null)
  if (draft !== null) {
    const isEmpty = draft.trim() === ''
    return (
      <li className={classes.question} data-editing>
        <Textarea
          autosize
          autoFocus
          maxRows={12}
          aria-label={t('smoke.editLabel')}
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setDraft(null)
          }}
        />
        <div className={classes.actions}>
          <Button
            size="compact-sm"
            disabled={isEmpty}
            onClick={() => {
              setDraft(null)
              resend(message.id, draft)
            }}
          >
            {t('smoke.sendAgain')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setDraft(null)}>
            {t('smoke.cancel')}
          </Button>
        </div>
      </li>
    )
  }
  return (
    <li className={classes.question}>
      <span className="visually-hidden">{t('smoke.you')}</span>
      <p className={classes.plain}>{message.text}</p>
      {canChange ? (
        <div className={classes.actions}>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            title={t('smoke.editHint')}
            onClick={() => setDraft(message.text)}
          >
            {t('smoke.edit')}
          </Button>
        </div>
      ) : null}
    </li>
  )
}

function Answer({ message, isLast, canChange, isJson }: MessageProps) {
  const { t } = useTranslation()
  const { retry } = useAsking()
  const { generation, text, thought } = message
  return (
    <li className={classes.answer}>
      <span className="visually-hidden">{generation?.model ?? t('smoke.model')}</span>
      {thought === null ? null : <Thought text={thought} />}
      {isJson ? <Json text={text} /> : <Markdown text={text} />}
      {generation === null ? (
        <p className={classes.took}>{t('smoke.brokenOff')}</p>
      ) : (
        <p className={classes.took}>{generationWords(generation)}</p>
      )}
      <div className={classes.actions}>
        <CopyButton label={t('smoke.copy')} read={() => Promise.resolve(text)} />
        {isLast && canChange ? (
          <Button size="sm" variant="default" onClick={retry}>
            {t('smoke.retry')}
          </Button>
        ) : null}
      </div>
    </li>
  )
}

/** An answer under a schema, set out; as it is where it was cut off. */
function Json({ text }: { readonly text: string }) {
  return (
    <pre className={classes.json} tabIndex={0}>
      {setOut(text)}
    </pre>
  )
}

function setOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
