import type { IpcMain, IpcMainEvent, MessagePortMain } from 'electron'
import { DESKTOP_PORT_CHANNEL } from '#contract/desktop-port.ts'
import { APP_ORIGIN } from './app-scheme.ts'

/** Who sent a message: gone frames have no sender, embedded ones a parent. */
export interface Sender {
  readonly origin: string
  readonly parent: unknown
}

/** True only for the page itself: the top frame, of our origin, still there. */
export function isOurPage(sender: Sender | null): boolean {
  return sender !== null && sender.parent === null && sender.origin === APP_ORIGIN
}

/** Listens on the one channel there is; a port from anybody but our page is closed unused. */
export function receivePort(ipcMain: Pick<IpcMain, 'on'>, accept: (port: MessagePortMain) => void): void {
  ipcMain.on(DESKTOP_PORT_CHANNEL, (event: IpcMainEvent) => {
    const [port, ...more] = event.ports
    if (port !== undefined && more.length === 0 && isOurPage(event.senderFrame)) accept(port)
    else for (const refused of event.ports) refused.close()
  })
}
