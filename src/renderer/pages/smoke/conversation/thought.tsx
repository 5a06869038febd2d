import { useTranslation } from 'react-i18next'
import classes from './conversation.module.css'
import { Markdown } from './markdown.tsx'

interface ThoughtProps {
  readonly text: string
  /** It is still being thought. */
  readonly isComing?: boolean
}

/** What a reasoning model thinks before it answers: folded, because it is not the answer. */
export function Thought({ text, isComing = false }: ThoughtProps) {
  const { t } = useTranslation()
  return (
    <details className={classes.thought}>
      <summary>{isComing ? t('smoke.thinking') : t('smoke.thought', { count: wordCount(text) })}</summary>
      <Markdown text={text} />
    </details>
  )
}

function wordCount(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length
}
