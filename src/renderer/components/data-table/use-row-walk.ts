import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import type { RowPlace } from './data-row.tsx'
import { handleRowKey } from './row-keys.ts'

/** Height of a table's header; its style sheet says the same. */
export const HEAD_PIXELS = 36
/** Rows drawn beyond what is seen, so that a fast scroll meets no gap. */
const SPARE_ROWS = 12

export interface RowWalk {
  /** One for each row, in the order shown. */
  readonly rowIds: readonly string[]
  readonly rowPixels: number
  /** The row the keyboard is at; one that is not there, or null, stands for the first. */
  readonly activeId: string | null
  readonly onActive: (id: string) => void
  /** Whether a row that became active otherwise than by a key, as in a chart, is brought into sight too. */
  readonly followsActive: boolean
  readonly onOpen: (index: number) => void
  readonly onToggle?: (index: number) => void
}

/** The rows in sight, and the keys that walk over all of them. */
export function useRowWalk(walk: RowWalk) {
  const { rowIds, rowPixels, activeId, onActive, followsActive, onOpen, onToggle } = walk
  const scroll = useRef<HTMLDivElement>(null)
  // The compiler this rule is about is not in the build, and nothing of `virtual` is handed to a memoized component.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rowIds.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowPixels,
    overscan: SPARE_ROWS,
    scrollPaddingStart: HEAD_PIXELS,
    getItemKey: (index) => rowIds[index] ?? index,
  })
  const active = Math.max(activeId === null ? 0 : rowIds.indexOf(activeId), 0)
  // A key may lead to a row that does not exist yet: it takes the focus when it is drawn.
  const [wantsFocus, setWantsFocus] = useState(false)
  useEffect(() => {
    if (followsActive ? activeId !== null : wantsFocus) virtual.scrollToIndex(active)
  }, [active, activeId, followsActive, wantsFocus, virtual])

  // Counted from the active row, not from the one that heard the key: that may still be on its way out of sight.
  function onKeyDown(event: KeyboardEvent): void {
    handleRowKey(event, {
      count: rowIds.length,
      active,
      onMove: (to) => {
        const id = rowIds[to]
        if (id === undefined) return
        setWantsFocus(true)
        onActive(id)
      },
      onOpen,
      onToggle: (at) => onToggle?.(at),
    })
  }

  function placeOf(index: number, id: string): RowPlace {
    return {
      rowIndex: index + 2,
      tabIndex: index === active ? 0 : -1,
      takesFocus: wantsFocus && index === active,
      onFocusTaken: () => setWantsFocus(false),
      onChoose: () => onActive(id),
      onKeyDown,
    }
  }

  const items = virtual.getVirtualItems()
  return {
    scroll,
    /** The rows to draw: those in sight and some more. */
    drawn: items.flatMap(({ index }) => {
      const id = rowIds[index]
      return id === undefined ? [] : [{ index, id, place: placeOf(index, id) }]
    }),
    pixelsAbove: items[0]?.start ?? 0,
    pixelsBelow: virtual.getTotalSize() - (items.at(-1)?.end ?? 0),
  }
}
