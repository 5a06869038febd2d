import { isIPv4, isIPv6 } from 'node:net'
import type { Endpoint } from '#contract/endpoints.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Names that only resolve inside a network of one's own (RFC 6762, RFC 8375, RFC 6761, and the usual `.lan`). */
const LOCAL_NAME = /(^|\.)(localhost|local|lan|internal|home\.arpa)$/

/** The address of one call below the endpoint's own: ".../v1" and "/models". What its own address asks stays. */
export function endpointAddress({ name, url }: Endpoint, path: '/chat/completions' | '/models'): URL {
  const address = new URL(url)
  if (address.username !== '' || address.password !== '') {
    throw new InhouseError({
      code: 'CHAT_REFUSED',
      message: `The address of ${name} holds a user name or password.`,
      nextStep: 'Take it out of the address, and give the key by itself.',
    })
  }
  address.pathname = `${address.pathname.replace(/\/+$/, '')}${path}`
  address.hash = ''
  return address
}

/** As it may be shown: what an address asks may be a secret. */
export function shownAddress({ origin, pathname }: URL): string {
  return `${origin}${pathname}`
}

/** Without encryption a key may only travel inside this machine or its own network; and it must be one line of text. */
export function checkKey(key: string, address: URL): void {
  if (address.protocol !== 'https:' && !isPrivateHost(address.hostname)) {
    throw new InhouseError({
      code: 'ACCESS_DENIED',
      message: `The key is not sent to ${address.host}: the connection is not encrypted, and that is no address of this machine or its own network.`,
      nextStep: 'Use an address that begins with https, or remove the key.',
    })
  }
  if (!/^[\u0021-\u007e]+$/.test(key)) {
    throw new InhouseError({
      code: 'ACCESS_DENIED',
      message: `The key for ${address.host} has spaces, line breaks or letters that no key has.`,
      nextStep: 'Copy it again, without anything around it.',
    })
  }
}

/** Loopback, private, link-local and shared addresses, and names that resolve nowhere else. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (isIPv4(host)) return isPrivateIPv4(host)
  if (isIPv6(host)) return host === '::1' || /^f[cd]|^fe[89ab]/.test(host)
  return !host.includes('.') || LOCAL_NAME.test(host)
}

/** RFC 1122, 1918, 3927 and 6598 (which private overlay networks use). */
function isPrivateIPv4(host: string): boolean {
  const [first = 0, second = 0] = host.split('.').map(Number)
  if (first === 127 || first === 10) return true
  if (first === 172) return second >= 16 && second < 32
  if (first === 100) return second >= 64 && second < 128
  return (first === 192 && second === 168) || (first === 169 && second === 254)
}
