import { readNeedsLink, writeNeedsLink } from './needs-link.ts'
import type { NeedsStore } from './needs-store.ts'
import { readWhatIfText, writeWhatIfText } from './what-if-text.ts'
import type { WhatIfStore } from './what-if-store.ts'

const NEEDS_PARAMETER = 'needs'
const WHAT_IF_PARAMETER = 'as-if'

/** True when the address says what is needed: then it wins over what was remembered. */
export function linkSaysNeeds(search: string): boolean {
  const query = new URLSearchParams(search)
  return query.has(NEEDS_PARAMETER) || query.has(WHAT_IF_PARAMETER)
}

/** Takes needs and hardware from the address a colleague sent. */
export function readLink(search: string, needs: NeedsStore, whatIf: WhatIfStore): void {
  const query = new URLSearchParams(search)
  needs.getState().change(readNeedsLink(query.get(NEEDS_PARAMETER) ?? ''))
  whatIf.getState().choose(readWhatIfText(query.get(WHAT_IF_PARAMETER) ?? ''))
}

/** Pause after the last change before the address follows: a moving slider writes once, and browsers limit how often. */
const SETTLE_MILLISECONDS = 150

/** Keeps the address in step with needs and hardware, so that it can be sent as it stands. Returns the way to stop. */
export function keepLink(needs: NeedsStore, whatIf: WhatIfStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  function write(): void {
    clearTimeout(timer)
    const url = new URL(window.location.href)
    const chosen = whatIf.getState().whatIf
    setOrDelete(url, NEEDS_PARAMETER, writeNeedsLink(needs.getState().needs))
    setOrDelete(url, WHAT_IF_PARAMETER, chosen === null ? null : writeWhatIfText(chosen))
    if (url.href !== window.location.href) window.history.replaceState(window.history.state, '', url)
  }
  function writeSoon(): void {
    clearTimeout(timer)
    timer = setTimeout(write, SETTLE_MILLISECONDS)
  }
  const stops = [needs.subscribe(writeSoon), whatIf.subscribe(writeSoon)]
  // The router announces its own changes of the address under the first two names; what is not written yet goes with them, and into a reload.
  const moves = ['pushState', 'popstate', 'pagehide'] as const
  for (const move of moves) window.addEventListener(move, write)
  write()
  return () => {
    clearTimeout(timer)
    for (const stop of stops) stop()
    for (const move of moves) window.removeEventListener(move, write)
  }
}

function setOrDelete(url: URL, name: string, value: string | null): void {
  if (value === null) url.searchParams.delete(name)
  else url.searchParams.set(name, value)
}
