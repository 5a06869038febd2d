import { MODEL_COLUMNS } from './model-columns.ts'
import type { ColumnId, SortValue } from './model-columns.ts'
import type { ModelRow } from './model-row.ts'

export type SortDirection = 'ascending' | 'descending'

/**
 * Rows in the order of a column; what is not known stands last in both directions. Ties keep the order they came in,
 * which is the ranking.
 */
export function sortRows(
  rows: readonly ModelRow[],
  by: ColumnId,
  direction: SortDirection,
): readonly ModelRow[] {
  const column = MODEL_COLUMNS.find((one) => one.id === by)
  if (column === undefined) return rows
  const sign = direction === 'ascending' ? 1 : -1
  return rows.toSorted((one, other) => {
    const [a, b] = [column.sortValue(one), column.sortValue(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return sign * compareKnown(a, b)
  })
}

function compareKnown(a: NonNullable<SortValue>, b: NonNullable<SortValue>): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  // Names are compared in one fixed locale so that a shared link shows the same order to everybody.
  return String(a).localeCompare(String(b), 'en', { numeric: true, sensitivity: 'base' })
}
