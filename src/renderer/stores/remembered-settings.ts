import type { InhouseClient } from '#contract/client.ts'
import type { NeedsStore } from './needs-store.ts'
import type { ThemeStore } from './theme-store.ts'
import type { WhatIfStore } from './what-if-store.ts'

/** Pause after the last change before it is written down, so that a moving slider writes once. */
const SETTLE_MILLISECONDS = 400

export interface RememberedSettingsOptions {
  readonly client: InhouseClient
  readonly needs: NeedsStore
  readonly whatIf: WhatIfStore
  readonly theme: ThemeStore
  /** True: an address sent by a colleague already said what is needed; it is shown, not remembered over. */
  readonly keepCurrent: boolean
}

/**
 * Restores needs, hardware and theme of the last time and writes changes down. What the user changed before the backend
 * answered stays as they set it. Returns the way to stop.
 */
export async function rememberSettings(options: RememberedSettingsOptions): Promise<() => void> {
  const { client, needs, whatIf, theme, keepCurrent } = options
  const stores = [needs, whatIf, theme] as const
  const touched = new Set<unknown>()
  const watches = stores.map((store) => store.subscribe(() => touched.add(store)))
  const settings = await client.settings.get()
  for (const stopWatching of watches) stopWatching()
  if (!touched.has(theme)) theme.getState().choose(settings.theme)
  if (!keepCurrent && !touched.has(needs)) needs.getState().change(settings.needs)
  if (!keepCurrent && !touched.has(whatIf)) whatIf.getState().choose(settings.whatIf)
  return writeChanges(options, touched.size > 0)
}

function writeChanges(options: RememberedSettingsOptions, writeNow: boolean): () => void {
  const { client, needs, whatIf, theme } = options
  let timer: ReturnType<typeof setTimeout> | undefined
  function writeSoon(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const change = {
        needs: needs.getState().needs,
        whatIf: whatIf.getState().whatIf,
        theme: theme.getState().theme,
      }
      // A backend that is gone is shown by the frame; what could not be written is written with the next change.
      client.settings.set(change).catch(() => undefined)
    }, SETTLE_MILLISECONDS)
  }
  const stops = [needs, whatIf, theme].map((store) => store.subscribe(writeSoon))
  if (writeNow) writeSoon()
  return () => {
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}
