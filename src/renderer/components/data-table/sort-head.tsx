import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './data-table.module.css'
import type { SortDirection } from './sort-by-value.ts'

interface SortHeadProps {
  readonly column: { readonly id: string; readonly numeric: boolean }
  /** How the table is sorted by this column; null: by another one. */
  readonly sorted: SortDirection | null
  readonly hint?: string
  readonly onSort: () => void
  /** The column's name. */
  readonly children: ReactNode
}

/** The head of a column that a click sorts by. */
export function SortHead({ column, sorted, hint, onSort, children }: SortHeadProps) {
  const Arrow = sorted === 'ascending' ? IconArrowUp : IconArrowDown
  return (
    <th
      scope="col"
      aria-sort={sorted ?? 'none'}
      className={classes.head}
      data-numeric={column.numeric || undefined}
      data-column={column.id}
    >
      <button
        type="button"
        className={classes.sort}
        data-sorted={sorted !== null || undefined}
        title={hint}
        onClick={onSort}
      >
        {children}
        {sorted === null ? null : <Arrow size={14} aria-hidden />}
      </button>
    </th>
  )
}
