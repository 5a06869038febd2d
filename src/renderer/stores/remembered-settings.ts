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

/** Restores needs, hardware and theme of the last time and writes changes down. Returns the way to stop. */
export async function rememberSettings(options: RememberedSettingsOptions): Promise<() => void> {
  const { client, needs, whatIf, theme, keepCurrent } = options
  const settings = await client.settings.get()
  theme.getState().choose(settings.theme)
  if (!keepCurrent) {
    needs.getState().change(settings.needs)
    whatIf.getState().choose(settings.whatIf)
  }
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
  const stops = [needs.subscribe(writeSoon), whatIf.subscribe(writeSoon), theme.subscribe(writeSoon)]
  return () => {
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}
