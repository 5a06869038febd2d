import { Checkbox } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ModelCell } from './model-cell.tsx'
import type { ModelColumn } from './model-columns.ts'
import { rowRuns } from './model-row.ts'
import type { ModelRow } from './model-row.ts'
import classes from './models-table.module.css'

interface ModelTableRowProps {
  readonly row: ModelRow
  /** Place among all rows, header included, from 1. */
  readonly rowIndex: number
  readonly columns: readonly ModelColumn[]
  /** The row the keyboard is at: the only one in the tab order. */
  readonly active: boolean
  /** The keyboard just came here. */
  readonly takesFocus: boolean
  readonly onFocusTaken: () => void
  readonly chosen: boolean
  readonly compared: boolean
  readonly onToggle: () => void
  readonly onChoose: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** One model of the list. */
export function ModelTableRow(props: ModelTableRowProps) {
  const { row, rowIndex, columns, active, takesFocus, onFocusTaken, chosen, compared } = props
  const { onToggle, onChoose, onKeyDown } = props
  const { t } = useTranslation()
  const element = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    if (!takesFocus) return
    element.current?.focus({ preventScroll: true })
    onFocusTaken()
  }, [takesFocus, onFocusTaken])
  const tabIndex = active ? 0 : -1
  return (
    <tr
      ref={element}
      className={classes.row}
      aria-rowindex={rowIndex}
      aria-selected={compared}
      data-chosen={chosen || undefined}
      data-runs={rowRuns(row) ? 'yes' : 'no'}
      tabIndex={tabIndex}
      onClick={onChoose}
      onKeyDown={onKeyDown}
    >
      <td>
        <Checkbox
          size="xs"
          radius={4}
          aria-label={t('models.compareOne', { name: row.model.name })}
          checked={compared}
          tabIndex={tabIndex}
          onChange={onToggle}
          onClick={(event) => event.stopPropagation()}
        />
      </td>
      {columns.map((column) => (
        <td key={column.id} data-column={column.id} data-numeric={column.numeric || undefined}>
          <span className={classes.cell}>
            <ModelCell column={column.id} row={row} tabIndex={tabIndex} />
          </span>
        </td>
      ))}
    </tr>
  )
}
