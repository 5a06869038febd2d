import { Fragment, useId } from 'react'
import type { ReactNode } from 'react'
import type { RowPlace } from './data-row.tsx'
import classes from './data-table.module.css'
import { useRowWalk, type RowWalk } from './use-row-walk.ts'

interface DataTableProps {
  readonly label: string
  /** What the keys do here, for those who hear the table. */
  readonly keysHint: string
  readonly columns: readonly { readonly id: string; readonly widthPixels: number }[]
  readonly walk: RowWalk
  readonly className: string | undefined
  /** Height of the table with its scroll bar, where it is not that of the place around it. */
  readonly height?: string
  /** Whether several rows can be marked. */
  readonly multiselectable?: boolean
  /** The header's cells. */
  readonly head: ReactNode
  /** Draws a row: a `DataRow` at that place. */
  readonly row: (index: number, place: RowPlace) => ReactNode
}

/** A long list of rows: only the rows in sight exist, the header stays, the arrow keys walk. */
export function DataTable(props: DataTableProps) {
  const { label, keysHint, columns, walk, className, height, multiselectable, head, row } = props
  const keys = useId()
  const { scroll, drawn, pixelsAbove, pixelsBelow } = useRowWalk(walk)
  return (
    <div className={`${classes.scroll} ${className}`} ref={scroll} style={{ height }}>
      <p id={keys} className="visually-hidden">
        {keysHint}
      </p>
      <table
        role="grid"
        className={classes.table}
        style={{ width: columns.reduce((sum, column) => sum + column.widthPixels, 0) }}
        aria-label={label}
        aria-describedby={keys}
        aria-rowcount={walk.rowIds.length + 1}
        aria-colcount={columns.length}
        aria-multiselectable={multiselectable}
      >
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={{ width: column.widthPixels }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>{head}</tr>
        </thead>
        <tbody>
          <Gap pixels={pixelsAbove} columns={columns.length} />
          {drawn.map(({ index, id, place }) => (
            <Fragment key={id}>{row(index, place)}</Fragment>
          ))}
          <Gap pixels={pixelsBelow} columns={columns.length} />
        </tbody>
      </table>
    </div>
  )
}

/** Stands for the rows that are out of sight. */
function Gap({ pixels, columns }: { readonly pixels: number; readonly columns: number }) {
  if (pixels <= 0) return null
  return (
    <tr aria-hidden className={classes.gap} style={{ height: pixels }}>
      <td colSpan={columns} />
    </tr>
  )
}
