import { useEffect, useRef } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import classes from './data-table.module.css'

/** What the table tells each of its rows. */
export interface RowPlace {
  /** Place among all rows, header included, from 1. */
  readonly rowIndex: number
  /** Of the row and of what can be focused in it: only the row the keyboard is at is in the tab order. */
  readonly tabIndex: 0 | -1
  /** The keyboard just came here. */
  readonly takesFocus: boolean
  readonly onFocusTaken: () => void
  readonly onChoose: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

interface DataRowProps {
  readonly place: RowPlace
  readonly className: string | undefined
  /** What it is about does not run here: still read, but behind the others. */
  readonly greyed: boolean
  readonly chosen?: boolean
  /** Whether it is marked, in a table where rows can be. */
  readonly selected?: boolean
  /** Its cells. */
  readonly children: ReactNode
}

/** One row of a `DataTable`. */
export function DataRow({ place, className, greyed, chosen, selected, children }: DataRowProps) {
  const { rowIndex, tabIndex, takesFocus, onFocusTaken, onChoose, onKeyDown } = place
  const element = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    if (!takesFocus) return
    element.current?.focus({ preventScroll: true })
    onFocusTaken()
  }, [takesFocus, onFocusTaken])
  return (
    <tr
      ref={element}
      className={`${classes.row} ${className}`}
      aria-rowindex={rowIndex}
      aria-selected={selected}
      data-chosen={chosen || undefined}
      data-greyed={greyed || undefined}
      tabIndex={tabIndex}
      onClick={onChoose}
      onKeyDown={onKeyDown}
    >
      {children}
    </tr>
  )
}
