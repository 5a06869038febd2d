import { ipcRenderer } from 'electron'
import { DESKTOP_PORT_CHANNEL, DESKTOP_PORT_MESSAGE } from '#contract/desktop-port.ts'

/**
 * Hands one message port of the page across to main, and nothing else: no function is exposed to the page. Everything it
 * asks goes through that port and the contract, which checks it.
 */
window.addEventListener('message', (event) => {
  const [port] = event.ports
  if (event.source !== window || event.data !== DESKTOP_PORT_MESSAGE || port === undefined) return
  ipcRenderer.postMessage(DESKTOP_PORT_CHANNEL, null, [port])
})
