import { createDesktopClient, createWebClient, type InhouseClient } from '#contract/client.ts'

/** The client of this page: over a message port inside the desktop window, over HTTP in a browser. */
export function connectClient(): InhouseClient {
  if (window.location.protocol === 'app:') return createDesktopClient(window, new MessageChannel())
  return createWebClient(new URL('/rpc', window.location.href).href)
}
