import type { WebContents } from 'electron'
import { describe, expect, it } from 'vitest'
import { hardenSession, type HardenedSession } from './harden-session.ts'

type Handler<Name extends keyof HardenedSession> = HardenedSession[Name] extends (
  handler: infer H,
  ...rest: never[]
) => unknown
  ? NonNullable<H>
  : never

/** A session that keeps what it is given, so that a test can ask the handlers. */
function recordingSession() {
  const kept: {
    request?: Handler<'setPermissionRequestHandler'> | null
    check?: Handler<'setPermissionCheckHandler'> | null
    device?: Handler<'setDevicePermissionHandler'> | null
    display?: unknown
    urls?: readonly string[]
    before?: (details: { webContentsId?: number }, answer: (response: { cancel?: boolean }) => void) => void
  } = {}
  const session: HardenedSession = {
    setPermissionRequestHandler: (handler) => void (kept.request = handler),
    setPermissionCheckHandler: (handler) => void (kept.check = handler),
    setDevicePermissionHandler: (handler) => void (kept.device = handler),
    setDisplayMediaRequestHandler: (handler) => void (kept.display = handler),
    webRequest: {
      onBeforeRequest: (...given: unknown[]) => {
        kept.urls = (given[0] as { urls: string[] }).urls
        kept.before = given[1] as NonNullable<typeof kept.before>
      },
    },
  }
  hardenSession(session)
  return kept
}

const page = {} as WebContents

describe('hardenSession', () => {
  const session = recordingSession()

  it.each([
    ['clipboard-sanitized-write', true],
    ['clipboard-read', false],
    ['media', false],
    ['geolocation', false],
    ['notifications', false],
    ['openExternal', false],
    ['fileSystem', false],
    ['local-network-access', false],
    ['loopback-network', false],
    ['some-permission-of-next-year', false],
  ] as const)('answers %s with %s, asked or checked', (permission, granted) => {
    const answers: boolean[] = []
    session.request?.(page, permission as 'media', (answer) => answers.push(answer), {} as never)
    expect(answers).toEqual([granted])
    expect(session.check?.(page, permission as 'media', '', {} as never)).toBe(granted)
  })

  it('gives no device and no screen', () => {
    expect(session.device?.({} as never)).toBe(false)
    expect(session.display).toBeNull()
  })

  it('stops every request of a page to a network or a file, and none of this process', () => {
    expect(session.urls).toEqual(
      expect.arrayContaining(['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*']),
    )
    const answers: unknown[] = []
    session.before?.({ webContentsId: 1 }, (answer) => answers.push(answer))
    session.before?.({}, (answer) => answers.push(answer))
    expect(answers).toEqual([{ cancel: true }, { cancel: false }])
  })
})
