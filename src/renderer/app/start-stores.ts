import { keepLink, linkSaysNeeds, readLink } from '../stores/link-sync.ts'
import { rememberSettings } from '../stores/remembered-settings.ts'
import type { Stores } from './stores.ts'

/**
 * Sets everything going: what the address or the last time said, the catalogue, the scan and live memory.
 * Resolves when what was remembered is in place.
 */
export async function startStores(stores: Stores): Promise<void> {
  const { client, needs, whatIf, theme, machine } = stores
  const keepCurrent = linkSaysNeeds(window.location.search)
  if (keepCurrent) readLink(window.location.search, needs, whatIf)
  connect(stores)
  machine.subscribe((state, previous) => {
    if (previous.lost !== null && state.lost === null) loadOnce(stores)
  })
  // A page that goes away would leave a measurement running until the connection is missed.
  window.addEventListener('pagehide', () => {
    stores.measuring.cancel()
    stores.machineSpeed.cancel()
    stores.smoke.cancel()
    stores.session.close()
    stores.otherSession.close()
  })
  // A backend that does not answer is shown by the frame; the app then starts from the defaults.
  await rememberSettings({ client, needs, whatIf, theme, keepCurrent }).catch(() => undefined)
  keepLink(needs, whatIf)
}

/** Asks the backend for everything again: at the start, and when somebody presses "Retry". */
export function connect(stores: Stores): void {
  loadOnce(stores)
  void stores.machine.start()
}

function loadOnce(stores: Stores): void {
  void stores.catalogue.load()
  // Versions are a courtesy of the status line: without them it says less.
  stores.appInfo.load().catch(() => undefined)
  void stores.measurements.load()
  // Without an answer there is no offer: nobody misses it.
  stores.speedOffer.load().catch(() => undefined)
}
