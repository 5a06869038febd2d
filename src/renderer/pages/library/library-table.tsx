import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { smokeHref } from '../../app/routes.ts'
import { handleRowKey } from '../../components/data-table/row-keys.ts'
import { LIBRARY_COLUMNS, sortedAfterClick, type LibraryColumn, type LibrarySort } from './library-columns.ts'
import type { LibraryRow } from './library-row.ts'
import { LibraryTableRow } from './library-table-row.tsx'
import classes from './library-table.module.css'

const ROW_PIXELS = 48
const HEAD_PIXELS = 36
const SPARE_ROWS = 8
/** So many rows are shown before the list scrolls by itself. */
const MOST_ROWS = 10
const ACTIONS_PIXELS = 136

interface LibraryTableProps {
  readonly rows: readonly LibraryRow[]
  readonly label: string
  readonly sort: LibrarySort
  readonly onSort: (sort: LibrarySort) => void
  readonly onRemove: (row: LibraryRow) => void
}

/** The list itself: only the rows in sight exist, the header stays, the arrow keys walk. */
export function LibraryTable({ rows, label, sort, onSort, onRemove }: LibraryTableProps) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const scroll = useRef<HTMLDivElement>(null)
  const keys = useId()
  const [activePath, setActivePath] = useState<string | null>(null)
  // A key may lead to a row that does not exist yet: it takes the focus when it is drawn.
  const [wantsFocus, setWantsFocus] = useState(false)
  // The compiler this rule is about is not in the build, and nothing of `virtual` is handed to a memoized component.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PIXELS,
    overscan: SPARE_ROWS,
    scrollPaddingStart: HEAD_PIXELS,
    getItemKey: (index) => rows[index]?.file.path ?? index,
  })
  const active = Math.max(
    rows.findIndex(({ file }) => file.path === activePath),
    0,
  )
  useEffect(() => {
    if (wantsFocus) virtual.scrollToIndex(active)
  }, [active, wantsFocus, virtual])

  function onKeyDown(event: KeyboardEvent): void {
    handleRowKey(event, {
      count: rows.length,
      active,
      onMove: (to) => {
        setWantsFocus(true)
        setActivePath(rows[to]?.file.path ?? null)
      },
      onOpen: (at) => {
        const file = rows[at]?.file
        if (file?.header?.kind === 'model') navigate(smokeHref({ file: file.path }))
      },
      onToggle: () => undefined,
    })
  }

  const items = virtual.getVirtualItems()
  const columns = LIBRARY_COLUMNS.length + 1
  const width = ACTIONS_PIXELS + LIBRARY_COLUMNS.reduce((sum, column) => sum + column.widthPixels, 0)
  const height = HEAD_PIXELS + Math.min(rows.length, MOST_ROWS) * ROW_PIXELS
  return (
    <div className={classes.scroll} ref={scroll} style={{ height: `calc(${height}px + 1rem)` }}>
      <p id={keys} className="visually-hidden">
        {t('library.keys')}
      </p>
      <table
        role="grid"
        className={classes.table}
        style={{ width }}
        aria-label={label}
        aria-describedby={keys}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns}
      >
        <colgroup>
          {LIBRARY_COLUMNS.map((column) => (
            <col key={column.id} style={{ width: column.widthPixels }} />
          ))}
          <col style={{ width: ACTIONS_PIXELS }} />
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {LIBRARY_COLUMNS.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
            <th scope="col" className={classes.head} data-actions>
              <span className="visually-hidden">{t('library.column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <Gap pixels={items[0]?.start ?? 0} columns={columns} />
          {items.map(({ index, key }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <LibraryTableRow
                key={key}
                row={row}
                rowIndex={index + 2}
                active={index === active}
                takesFocus={wantsFocus && index === active}
                onFocusTaken={() => setWantsFocus(false)}
                onChoose={() => setActivePath(row.file.path)}
                onKeyDown={onKeyDown}
                onRemove={onRemove}
              />
            )
          })}
          <Gap pixels={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} columns={columns} />
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

interface HeaderCellProps {
  readonly column: LibraryColumn
  readonly sort: LibrarySort
  readonly onSort: (sort: LibrarySort) => void
}

function HeaderCell({ column, sort, onSort }: HeaderCellProps) {
  const { t } = useTranslation()
  const sorted = sort.by === column.id
  const Arrow = sort.direction === 'ascending' ? IconArrowUp : IconArrowDown
  return (
    <th
      scope="col"
      aria-sort={sorted ? sort.direction : 'none'}
      className={classes.head}
      data-numeric={column.numeric || undefined}
    >
      <button
        type="button"
        className={classes.sort}
        onClick={() => onSort(sortedAfterClick(sort, column.id))}
      >
        <span>{t(`library.column.${column.id}`)}</span>
        {sorted ? <Arrow size={14} aria-hidden /> : null}
      </button>
    </th>
  )
}
