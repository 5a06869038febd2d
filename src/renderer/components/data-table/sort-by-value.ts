export type SortDirection = 'ascending' | 'descending'

/** What a column sorts by; null is "not known". */
export type SortValue = number | string | null

/**
 * Names are compared in one fixed locale so that a shared link shows the same order to everybody. Kept: to make a
 * collator for each pair of a thousand names takes seconds.
 */
const NAMES = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Rows in the order of a value; what is not known stands last in both directions. Ties keep the order they came in. */
export function sortByValue<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => SortValue,
  direction: SortDirection,
): readonly Row[] {
  const sign = direction === 'ascending' ? 1 : -1
  return rows.toSorted((one, other) => {
    const [a, b] = [valueOf(one), valueOf(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return sign * compareKnown(a, b)
  })
}

function compareKnown(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return NAMES.compare(String(a), String(b))
}
