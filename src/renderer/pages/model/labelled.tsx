import { useId } from 'react'
import type { ReactNode } from 'react'
import classes from './plan-controls.module.css'

interface LabelledProps {
  readonly label: string
  readonly value?: string
  readonly hint?: string
  readonly children: (labelId: string) => ReactNode
}

/** A control under its name, with what it stands at. */
export function Labelled({ label, value, hint, children }: LabelledProps) {
  const id = useId()
  return (
    <div className={classes.control}>
      <div className={classes.labelRow}>
        <span id={id} className={classes.label}>
          {label}
        </span>
        {value === undefined ? null : <span className={classes.value}>{value}</span>}
      </div>
      {children(id)}
      {hint === undefined ? null : <span className={classes.hint}>{hint}</span>}
    </div>
  )
}
