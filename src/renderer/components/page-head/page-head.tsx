import type { ReactNode } from 'react'
import classes from './page-head.module.css'

interface PageHeadProps {
  readonly title: string
  /** For a page whose height belongs to what is in it. */
  readonly small?: boolean
  /** What stands under the title. */
  readonly children: ReactNode
  /** What can be done with all of the page; at the other end of the line while there is room. */
  readonly actions?: ReactNode
}

/** The head of a page: what it is called, what it is for, and what can be done. */
export function PageHead({ title, small, children, actions }: PageHeadProps) {
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        <h1 data-small={small || undefined}>{title}</h1>
        {children}
      </div>
      {actions}
    </header>
  )
}
