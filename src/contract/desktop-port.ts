/** What the page posts to its own window to hand a port to the preload; carries nothing else. */
export const DESKTOP_PORT_MESSAGE = 'inhouse:port'

/** The one IPC channel of the desktop host: the preload passes the port on, main checks the sender. */
export const DESKTOP_PORT_CHANNEL = 'inhouse:port'
