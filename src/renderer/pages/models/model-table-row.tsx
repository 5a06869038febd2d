import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { DataRow, type RowPlace } from '../../components/data-table/data-row.tsx'
import { ModelCell } from './model-cell.tsx'
import type { ModelColumn } from './model-columns.ts'
import { rowRuns } from './model-row.ts'
import type { ModelRow } from './model-row.ts'
import classes from './models-table.module.css'

interface ModelTableRowProps {
  readonly row: ModelRow
  readonly place: RowPlace
  readonly columns: readonly ModelColumn[]
  readonly chosen: boolean
  readonly compared: boolean
  readonly onToggle: () => void
}

/** One model of the list. */
export function ModelTableRow({ row, place, columns, chosen, compared, onToggle }: ModelTableRowProps) {
  const { t } = useTranslation()
  const { tabIndex } = place
  return (
    <DataRow place={place} className={classes.row} greyed={!rowRuns(row)} chosen={chosen} selected={compared}>
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
    </DataRow>
  )
}
