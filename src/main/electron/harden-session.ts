import type { Session } from 'electron'

/** What the page may do beyond showing itself: put text on the clipboard when somebody presses "copy". */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

/** Everything that could leave the machine or read from it. The page's own scheme is not among them. */
const NETWORK = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*']

export type HardenedSession = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
> & { readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'> }

/** Denies by default: permissions, devices, screen capture, and every request that a page makes past its own scheme. */
export function hardenSession(session: HardenedSession): void {
  session.setPermissionRequestHandler((_page, permission, answer) => answer(GRANTED.has(permission)))
  session.setPermissionCheckHandler((_page, permission) => GRANTED.has(permission))
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler(null)
  session.webRequest.onBeforeRequest({ urls: NETWORK }, (request, answer) => {
    // Requests of a page carry its id; those of this process (reading the page's files) have none.
    answer({ cancel: request.webContentsId !== undefined })
  })
}
