import { isIPv6 } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

/** Names of this machine as a browser on it, or at the other end of an SSH port forwarding, writes them. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/** Addresses that mean "every address of this machine". */
const EVERY_ADDRESS = new Set(['0.0.0.0', '::'])

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

export function listensEverywhere(host: string): boolean {
  return EVERY_ADDRESS.has(host)
}

/** A host as it stands in an address: IPv6 in brackets. */
export function urlHost(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}

/** The addresses at which this machine's networks reach a listener on every address; `0.0.0.0` is IPv4 only. */
export function networkAddresses(host: string): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(
      ({ internal, address, family }) =>
        !internal && !isLinkLocal(address) && (host === '::' || family === 'IPv4'),
    )
    .map(({ address }) => address)
}

/** Link-local IPv6 addresses need a zone, which browsers do not take. */
function isLinkLocal(address: string): boolean {
  return address.toLowerCase().startsWith('fe80:')
}

/**
 * The host names a request may name. A page that rebinds its own name to this machine's address still sends its own name
 * in `Host`, so a list of ours stops it. The port does not matter: a forwarded one differs.
 */
export function allowedHosts(host: string): ReadonlySet<string> {
  const names = [...LOOPBACK_NAMES]
  if (listensEverywhere(host)) {
    const own = hostname().toLowerCase()
    names.push(...networkAddresses(host).map(urlHost), own, `${own}.local`)
  } else names.push(urlHost(host.toLowerCase()))
  return new Set(names)
}

/** The name part of a `Host` header, in lower case; null for what is not one. */
export function hostName(header: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.exec(header ?? '')
  return match?.[1]?.toLowerCase() ?? null
}
