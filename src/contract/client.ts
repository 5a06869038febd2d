import { createORPCClient, isDefinedError, safe } from '@orpc/client'
import { RPCLink as FetchLink } from '@orpc/client/fetch'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import type { SupportedMessagePort } from '@orpc/client/message-port'
import { SimpleCsrfProtectionLinkPlugin } from '@orpc/client/plugins'
import type { ContractRouterClient } from '@orpc/contract'
import type { contract } from '#contract/contract.ts'
import { DESKTOP_PORT_MESSAGE } from '#contract/desktop-port.ts'

/**
 * The typed client of every face. Only types of the contract are imported: a page needs no validator, which keeps zod
 * (and the code it compiles, refused by our content policy) out of it.
 */
export type InhouseClient = ContractRouterClient<typeof contract>

/** Re-exported so that a face tells declared errors apart without naming the RPC library. */
export { isDefinedError, safe }

/**
 * A client over HTTP: `createWebClient(new URL('/rpc', location.href).href)`. In a page the cookie travels by itself; a
 * caller without a cookie jar gives it in `headers`.
 */
export function createWebClient(url: string, headers: Readonly<Record<string, string>> = {}): InhouseClient {
  return createORPCClient(new FetchLink({ url, headers, plugins: [new SimpleCsrfProtectionLinkPlugin()] }))
}

/** A port that has to be started before it delivers, as browsers and workers have it. */
export type StartablePort = SupportedMessagePort & { start?: () => void }

/** A client over any message port: a window's, a worker's, a child process wrapped as one. */
function createPortClient(port: StartablePort): InhouseClient {
  const client: InhouseClient = createORPCClient(new PortLink({ port }))
  port.start?.()
  return client
}

/** The parts of a browser window this module needs; named here because the contract has no DOM types. */
export interface WindowLike<Port> {
  readonly location: { readonly origin: string }
  postMessage(message: unknown, targetOrigin: string, transfer: Port[]): void
}

/**
 * A client for the page inside the desktop window, whose preload hands one port across:
 * `createDesktopClient(window, new MessageChannel())`. The page is the desktop's when `location.protocol === 'app:'`.
 */
export function createDesktopClient<Port extends StartablePort>(
  window: WindowLike<Port>,
  channel: { readonly port1: Port; readonly port2: Port },
): InhouseClient {
  window.postMessage(DESKTOP_PORT_MESSAGE, window.location.origin, [channel.port2])
  return createPortClient(channel.port1)
}
