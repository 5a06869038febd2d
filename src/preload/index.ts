import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { DESKTOP_PORT_CHANNEL, DESKTOP_PORT_MESSAGE, type DesktopBridge } from '#contract/desktop-port.ts'

/**
 * Hands one message port of the page across to main. Everything the page asks goes through that port and the contract,
 * which checks it.
 */
window.addEventListener('message', (event) => {
  const [port] = event.ports
  if (event.source !== window || event.data !== DESKTOP_PORT_MESSAGE || port === undefined) return
  ipcRenderer.postMessage(DESKTOP_PORT_CHANNEL, null, [port])
})

const bridge: DesktopBridge<File> = {
  // Only the preload is told where a file lies that the user dropped or chose; it tells no more than that.
  pathForFile: (file) => webUtils.getPathForFile(file),
}
contextBridge.exposeInMainWorld('inhouse', bridge)
