import { Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { formatCount } from '#core/figure/format-figure.ts'
import type { ComingAnswer } from '../../../stores/chat-store.ts'
import type { SessionStore } from '../../../stores/session-store.ts'
import classes from './conversation.module.css'
import { Markdown } from './markdown.tsx'
import { Thought } from './thought.tsx'

interface ComingMessageProps {
  readonly coming: ComingAnswer
  readonly session: SessionStore
}

/** The answer that is coming: what it waits for, and its words so far. */
export function ComingMessage({ coming, session }: ComingMessageProps) {
  const { t } = useTranslation()
  const { ahead, isStopping, phase, readFraction, text, thought } = coming
  const loading = useStore(session, (state) => (state.kind === 'loading' ? state.fraction : null))
  const words =
    phase === 'opening'
      ? t(loading === null ? 'smoke.opening' : 'smoke.loading')
      : phase === 'waiting'
        ? t('smoke.waiting', { count: ahead })
        : t('smoke.reading')
  const fraction = phase === 'opening' ? (loading ?? 0) : phase === 'reading' ? readFraction : null
  return (
    <div className={classes.answer} aria-busy="true">
      {phase === 'talking' ? null : (
        <div className={classes.phase}>
          <p role="status">{isStopping ? t('smoke.stopping') : words}</p>
          {fraction === null ? null : (
            <>
              <Progress value={fraction * 100} aria-label={words} transitionDuration={100} />
              <p className="numeral">
                {t('smoke.percent', { number: formatCount(Math.floor(fraction * 100)) })}
              </p>
            </>
          )}
        </div>
      )}
      {thought === '' ? null : <Thought text={thought} isComing={text === ''} />}
      {text === '' ? null : <Markdown text={text} />}
    </div>
  )
}
