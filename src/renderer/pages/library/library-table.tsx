import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { smokeHref } from '../../app/routes.ts'
import { DataTable } from '../../components/data-table/data-table.tsx'
import { SortHead } from '../../components/data-table/sort-head.tsx'
import { UnseenHead } from '../../components/data-table/unseen-head.tsx'
import { HEAD_PIXELS } from '../../components/data-table/use-row-walk.ts'
import { LIBRARY_COLUMNS, sortedAfterClick, type LibrarySort } from './library-columns.ts'
import type { LibraryRow } from './library-row.ts'
import { LibraryTableRow } from './library-table-row.tsx'
import classes from './library-table.module.css'

const ROW_PIXELS = 48
/** So many rows are shown before the list scrolls by itself. */
const MOST_ROWS = 10
const ACTIONS_COLUMN = { id: 'actions', widthPixels: 136 }

interface LibraryTableProps {
  readonly rows: readonly LibraryRow[]
  readonly label: string
  readonly sort: LibrarySort
  readonly onSort: (sort: LibrarySort) => void
  readonly onRemove: (row: LibraryRow) => void
}

/** The list itself: a row for each file, and at its end what can be done with it. */
export function LibraryTable({ rows, label, sort, onSort, onRemove }: LibraryTableProps) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [activePath, setActivePath] = useState<string | null>(null)
  const height = HEAD_PIXELS + Math.min(rows.length, MOST_ROWS) * ROW_PIXELS
  return (
    <DataTable
      label={label}
      keysHint={t('library.keys')}
      columns={[...LIBRARY_COLUMNS, ACTIONS_COLUMN]}
      className={classes.table}
      height={`calc(${height}px + 1rem)`}
      walk={{
        rowIds: rows.map(({ file }) => file.path),
        rowPixels: ROW_PIXELS,
        activeId: activePath,
        onActive: setActivePath,
        followsActive: false,
        onOpen: (index) => {
          const file = rows[index]?.file
          if (file?.header?.kind === 'model') navigate(smokeHref({ file: file.path }))
        },
      }}
      head={
        <>
          {LIBRARY_COLUMNS.map((column) => (
            <SortHead
              key={column.id}
              column={column}
              sorted={sort.by === column.id ? sort.direction : null}
              onSort={() => onSort(sortedAfterClick(sort, column.id))}
            >
              <span>{t(`library.column.${column.id}`)}</span>
            </SortHead>
          ))}
          <UnseenHead>{t('library.column.actions')}</UnseenHead>
        </>
      }
      row={(index, place) => {
        const row = rows[index]
        return row === undefined ? null : <LibraryTableRow row={row} place={place} onRemove={onRemove} />
      }}
    />
  )
}
