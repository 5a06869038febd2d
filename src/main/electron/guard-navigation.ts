import type { App, Shell, WebContents } from 'electron'
import { isAppUrl } from './app-scheme.ts'
import { externalLink } from './external-links.ts'

export type GuardedContents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>

export interface Leaving {
  readonly shell: Pick<Shell, 'openExternal'>
  /** Hosts that links may open in the system's browser; asked at every click, the catalogue loads meanwhile. */
  readonly linkHosts: () => ReadonlySet<string>
}

/** Keeps every page of the app where it is: no new windows, no embedded pages, no other origin. */
export function guardNavigation(app: Pick<App, 'on'>, leaving: Leaving): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, leaving))
}

export function guardContents(contents: GuardedContents, { shell, linkHosts }: Leaving): void {
  contents.setWindowOpenHandler(({ url }) => {
    const link = externalLink(url, linkHosts())
    if (link !== null) shell.openExternal(link).catch((error: unknown) => console.error(error))
    return { action: 'deny' }
  })
  contents.on('will-navigate', (event) => stayInApp(event))
  contents.on('will-frame-navigate', (event) => stayInApp(event))
  contents.on('will-redirect', (event) => stayInApp(event))
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

function stayInApp(event: { readonly url: string; preventDefault(): void }): void {
  if (!isAppUrl(event.url)) event.preventDefault()
}
