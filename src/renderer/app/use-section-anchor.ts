import { useEffect } from 'react'

/** Scrolls to a section and puts the focus there; a section that is still on its way goes there itself when it arrives. */
export function showSection(anchor: string): void {
  // After the page has put the focus at its own start.
  requestAnimationFrame(() => {
    const section = document.getElementById(anchor)
    section?.scrollIntoView({ block: 'start' })
    section?.focus({ preventScroll: true })
  })
}

/** For the section itself: goes there when the address names it. */
export function useSectionAnchor(anchor: string): void {
  useEffect(() => {
    if (window.location.hash === `#${anchor}`) showSection(anchor)
  }, [anchor])
}
