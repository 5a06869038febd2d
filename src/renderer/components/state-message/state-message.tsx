import type { ReactNode } from 'react'
import { TechnicalPart } from './technical-part.tsx'
import classes from './state-message.module.css'

interface StateMessageProps {
  readonly title: string
  /** What happened, and why if known. */
  readonly sentence: string
  /** The next step. */
  readonly action?: ReactNode
  /** One click away and copyable. */
  readonly technical?: string
}

/** An empty, failed or missing page: a title, a sentence, a next step. */
export function StateMessage({ title, sentence, action, technical }: StateMessageProps) {
  return (
    <section className={classes.message}>
      <h1 className={classes.title}>{title}</h1>
      <p className={classes.sentence}>{sentence}</p>
      {action === undefined ? null : <div className={classes.action}>{action}</div>}
      {technical === undefined ? null : <TechnicalPart text={technical} />}
    </section>
  )
}
