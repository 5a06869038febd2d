/** What the page posts to its own window to hand a port to the preload; carries nothing else. */
export const DESKTOP_PORT_MESSAGE = 'inhouse:port'

/** The one IPC channel of the desktop host: the preload passes the port on, main checks the sender. */
export const DESKTOP_PORT_CHANNEL = 'inhouse:port'

/** What the preload gives the page as `window.inhouse`; a browser has none. `File` is the DOM's, which this layer does not know. */
export interface DesktopBridge<File> {
  /** Where a file lies that the user dropped or chose; empty for one that lies nowhere. */
  pathForFile(file: File): string
}
