import type { IncomingMessage } from 'node:http'
import { hostName } from './allowed-hosts.ts'
import { ANSWERS, type PlainAnswer } from './plain-answer.ts'

/**
 * Why a request is refused before anything looks at it, or null. Asked of every request, so that no address can forget
 * it: the `Host` must be one of ours, and a browser that tells where a call comes from must name this page.
 */
export function refusal(request: IncomingMessage, allowed: ReadonlySet<string>): PlainAnswer | null {
  const host = hostName(request.headers.host)
  if (host === null || !allowed.has(host)) return ANSWERS.foreignHost
  const { origin } = request.headers
  if (origin !== undefined && origin !== `http://${request.headers.host}`) return ANSWERS.foreignOrigin
  const site = request.headers['sec-fetch-site']
  const isNavigation = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET'
  if ((site === 'cross-site' || site === 'same-site') && !isNavigation) return ANSWERS.foreignOrigin
  return null
}
