import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { useLocation } from 'wouter'

/** After a change of page, puts the focus and the scroll position at the start of the new one. */
export function usePageFocus(page: RefObject<HTMLElement | null>): void {
  const [path] = useLocation()
  const seen = useRef(path)
  useEffect(() => {
    if (seen.current === path) return
    seen.current = path
    page.current?.scrollTo(0, 0)
    page.current?.focus({ preventScroll: true })
  }, [path, page])
}
