import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { planHref } from '../../app/routes.ts'
import { handleRowKey } from '../../components/data-table/row-keys.ts'
import { MODEL_COLUMNS } from './model-columns.ts'
import type { ColumnId, ModelColumn } from './model-columns.ts'
import { ModelTableRow } from './model-table-row.tsx'
import type { ModelRow } from './model-row.ts'
import classes from './models-table.module.css'
import type { ModelsView } from './models-view.ts'
import { sortedBy, toggledComparison } from './models-view.ts'

const ROW_PIXELS = 36
/** Rows drawn beyond what is seen, so that a fast scroll meets no gap. */
const SPARE_ROWS = 12
const BOX_PIXELS = 36

interface ModelsTableProps {
  readonly rows: readonly ModelRow[]
  readonly view: ModelsView
  readonly onView: (view: ModelsView) => void
  readonly chosenId: string | null
  readonly onChoose: (id: string) => void
}

/** The list itself: only the rows in sight exist, the header stays, the arrow keys walk. */
export function ModelsTable({ rows, view, onView, chosenId, onChoose }: ModelsTableProps) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const scroll = useRef<HTMLDivElement>(null)
  const keys = useId()
  const columns = MODEL_COLUMNS.filter((column) => !view.hidden.includes(column.id))
  // The compiler this rule is about is not in the build, and nothing of `virtual` is handed to a memoized component.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PIXELS,
    overscan: SPARE_ROWS,
    scrollPaddingStart: ROW_PIXELS,
    getItemKey: (index) => rows[index]?.model.id ?? index,
  })
  const active = Math.max(
    rows.findIndex((row) => row.model.id === chosenId),
    0,
  )
  // A key may lead to a row that does not exist yet: it takes the focus when it is drawn.
  const [wantsFocus, setWantsFocus] = useState(false)
  useEffect(() => {
    if (chosenId !== null) virtual.scrollToIndex(active)
  }, [active, chosenId, virtual])

  // Counted from the active row, not from the one that heard the key: that may still be on its way out of sight.
  function onKeyDown(event: KeyboardEvent): void {
    const idAt = (index: number): string | undefined => rows[index]?.model.id
    handleRowKey(event, {
      count: rows.length,
      active,
      onMove: (to) => {
        const id = idAt(to)
        if (id === undefined) return
        setWantsFocus(true)
        onChoose(id)
      },
      onOpen: (at) => {
        const id = idAt(at)
        if (id !== undefined) navigate(planHref({ modelId: id }))
      },
      onToggle: (at) => {
        const id = idAt(at)
        if (id !== undefined) onView(toggledComparison(view, id))
      },
    })
  }

  const items = virtual.getVirtualItems()
  const above = items[0]?.start ?? 0
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const width = BOX_PIXELS + columns.reduce((sum, column) => sum + column.widthPixels, 0)

  return (
    <div className={classes.scroll} ref={scroll}>
      <p id={keys} className="visually-hidden">
        {t('models.keys')}
      </p>
      <table
        role="grid"
        className={classes.table}
        style={{ width }}
        aria-label={t('models.title')}
        aria-describedby={keys}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable
      >
        <colgroup>
          <col style={{ width: BOX_PIXELS }} />
          {columns.map((column) => (
            <col key={column.id} style={{ width: column.widthPixels }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className={classes.boxHead}>
              <span className="visually-hidden">{t('models.compare')}</span>
            </th>
            {columns.map((column) => (
              <HeaderCell
                key={column.id}
                column={column}
                view={view}
                onSort={(id) => onView(sortedBy(view, id))}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap pixels={above} columns={columns.length + 1} />
          {items.map(({ index, key }) => {
            const row = rows[index]
            if (row === undefined) return null
            const { id } = row.model
            return (
              <ModelTableRow
                key={key}
                row={row}
                rowIndex={index + 2}
                columns={columns}
                active={index === active}
                takesFocus={wantsFocus && index === active}
                onFocusTaken={() => setWantsFocus(false)}
                chosen={id === chosenId}
                compared={view.compared.includes(id)}
                onToggle={() => onView(toggledComparison(view, id))}
                onChoose={() => onChoose(id)}
                onKeyDown={onKeyDown}
              />
            )
          })}
          <Gap pixels={below} columns={columns.length + 1} />
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
  readonly column: ModelColumn
  readonly view: ModelsView
  readonly onSort: (id: ColumnId) => void
}

function HeaderCell({ column, view, onSort }: HeaderCellProps) {
  const { t } = useTranslation()
  const sorted = view.sort === column.id
  const Arrow = view.direction === 'ascending' ? IconArrowUp : IconArrowDown
  return (
    <th
      scope="col"
      aria-sort={sorted ? view.direction : 'none'}
      className={classes.head}
      data-numeric={column.numeric || undefined}
      data-column={column.id}
    >
      <button
        type="button"
        className={classes.sort}
        title={t(`models.columnHint.${column.id}`)}
        onClick={() => onSort(column.id)}
      >
        {column.id === 'rank' ? <RankHead /> : <span>{t(`models.column.${column.id}`)}</span>}
        {sorted ? <Arrow size={14} aria-hidden /> : null}
      </button>
    </th>
  )
}

/** "#" to the eye, its word to the ear: the column is as narrow as its numbers. */
function RankHead() {
  const { t } = useTranslation()
  return (
    <>
      <span aria-hidden>#</span>
      <span className="visually-hidden">{t('models.column.rank')}</span>
    </>
  )
}
