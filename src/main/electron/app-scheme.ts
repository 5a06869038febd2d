import type { CustomScheme } from 'electron'

/** Where the page lives in the window: a scheme of its own, so that it has an origin and no access to files. */
export const APP_ORIGIN = 'app://inhouse'

/** Rights of the scheme; never `bypassCSP`, never `corsEnabled`. Registered before the app is ready. */
export const APP_SCHEME: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
}

/** True for addresses of our own page; anything that is not an address is not ours. */
export function isAppUrl(url: string): boolean {
  return URL.parse(url)?.protocol === 'app:' && url.startsWith(`${APP_ORIGIN}/`)
}
