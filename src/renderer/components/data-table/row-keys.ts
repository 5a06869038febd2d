import type { KeyboardEvent } from 'react'

/** Rows a page key moves by: about what one screen shows. */
const PAGE_ROWS = 12

interface RowKeys {
  readonly count: number
  readonly active: number
  readonly onMove: (index: number) => void
  readonly onOpen: (index: number) => void
  readonly onToggle: (index: number) => void
}

/** Keys of a list of rows: arrows, page keys, Home and End move; Enter opens; the space bar marks. */
export function handleRowKey(
  event: KeyboardEvent,
  { count, active, onMove, onOpen, onToggle }: RowKeys,
): void {
  // A link, button or box inside the row has its own meaning for these keys.
  if (event.target !== event.currentTarget || count === 0) return
  const target = rowAfterKey(event.key, active, count)
  if (target !== null) onMove(target)
  else if (event.key === 'Enter') onOpen(active)
  else if (event.key === ' ') onToggle(active)
  else return
  event.preventDefault()
}

/** Where a key leads from a row; null for keys that do not move. */
export function rowAfterKey(key: string, active: number, count: number): number | null {
  const last = count - 1
  switch (key) {
    case 'ArrowDown':
      return Math.min(active + 1, last)
    case 'ArrowUp':
      return Math.max(active - 1, 0)
    case 'PageDown':
      return Math.min(active + PAGE_ROWS, last)
    case 'PageUp':
      return Math.max(active - PAGE_ROWS, 0)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return null
  }
}
