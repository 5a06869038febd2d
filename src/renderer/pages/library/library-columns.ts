import { sortByValue, type SortDirection, type SortValue } from '../../components/data-table/sort-by-value.ts'
import type { LibraryRow } from './library-row.ts'

export type LibraryColumnId = 'name' | 'quantization' | 'size' | 'context' | 'license' | 'fit' | 'place'

export interface LibraryColumn {
  readonly id: LibraryColumnId
  readonly widthPixels: number
  readonly numeric: boolean
  readonly sortValue: (row: LibraryRow) => SortValue
}

export interface LibrarySort {
  readonly by: LibraryColumnId
  readonly direction: SortDirection
}

const FIT_ORDER = { fits: 0, tight: 1, no: 2 } as const

/** The columns of the library, in the order shown. */
export const LIBRARY_COLUMNS: readonly LibraryColumn[] = [
  { id: 'name', widthPixels: 240, numeric: false, sortValue: ({ file }) => file.name },
  {
    id: 'quantization',
    widthPixels: 104,
    numeric: false,
    sortValue: ({ file }) => file.header?.quantizationName ?? null,
  },
  { id: 'size', widthPixels: 88, numeric: true, sortValue: ({ file }) => file.fileBytes },
  {
    id: 'fit',
    widthPixels: 152,
    numeric: false,
    sortValue: ({ fit }) => (fit === null ? null : FIT_ORDER[fit.fit]),
  },
  {
    id: 'context',
    widthPixels: 72,
    numeric: true,
    sortValue: ({ file }) => file.header?.contextTokens ?? null,
  },
  { id: 'license', widthPixels: 120, numeric: false, sortValue: ({ file }) => file.header?.license ?? null },
  { id: 'place', widthPixels: 104, numeric: false, sortValue: ({ file }) => file.place },
]

/** The sort after a click on a column: the other direction where it is sorted by already. */
export function sortedAfterClick(sort: LibrarySort, by: LibraryColumnId): LibrarySort {
  const flips = sort.by === by && sort.direction === 'ascending'
  return { by, direction: flips ? 'descending' : 'ascending' }
}

/** Rows in the order of a column. */
export function sortLibrary(
  rows: readonly LibraryRow[],
  { by, direction }: LibrarySort,
): readonly LibraryRow[] {
  const column = LIBRARY_COLUMNS.find(({ id }) => id === by)
  return column === undefined ? rows : sortByValue(rows, column.sortValue, direction)
}
