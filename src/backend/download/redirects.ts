import { lastingFault } from '#backend/download/remote-fault.ts'

/** The hub and who asks it. */
export interface TokenOwner {
  readonly address: URL
  readonly token: string | null
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/

/** Whether an address is the hub's own: scheme, host and port. */
export function isOwnOrigin(url: URL, { address }: Pick<TokenOwner, 'address'>): boolean {
  return url.origin === address.origin
}

/** The token to send to an address; null everywhere but at the hub, and on a line that others can read. */
export function tokenFor(url: URL, owner: TokenOwner): string | null {
  const isPrivate = url.protocol === 'https:' || LOOPBACK.test(url.hostname)
  return isOwnOrigin(url, owner) && isPrivate ? owner.token : null
}

/** Where an answer sends to; null where it names nothing. Throws where following would not be safe. */
export function redirectTarget(location: string | undefined, from: URL): URL | null {
  if (location === undefined || !URL.canParse(location, from.href)) return null
  const target = new URL(location, from)
  const isSafe = target.protocol === 'https:' || (target.protocol === 'http:' && from.protocol === 'http:')
  if (isSafe) return target
  throw lastingFault(
    'SERVER_REFUSED',
    `${from.host} redirects to ${target.protocol}//${target.host}, which is not safe to follow.`,
    'If you use a mirror, check its address in the settings.',
  )
}
