import { sortByValue, type SortDirection } from '../../components/data-table/sort-by-value.ts'
import { MODEL_COLUMNS } from './model-columns.ts'
import type { ColumnId } from './model-columns.ts'
import type { ModelRow } from './model-row.ts'

/** Rows in the order of a column; ties keep the order they came in, which is the ranking. */
export function sortRows(
  rows: readonly ModelRow[],
  by: ColumnId,
  direction: SortDirection,
): readonly ModelRow[] {
  const column = MODEL_COLUMNS.find((one) => one.id === by)
  return column === undefined ? rows : sortByValue(rows, column.sortValue, direction)
}
