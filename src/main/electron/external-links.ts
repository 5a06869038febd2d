/** Where links of the page may lead besides the licenses of the catalogue: where models and their formats live. */
const KNOWN_HOSTS = ['huggingface.co', 'github.com']

/** The hosts that links may open in the system's browser. */
export function linkHosts(licenses: readonly { readonly url: string | null }[]): ReadonlySet<string> {
  const hosts = licenses.map(({ url }) => (url === null ? null : (URL.parse(url)?.hostname ?? null)))
  return new Set([...KNOWN_HOSTS, ...hosts.filter((host) => host !== null)])
}

/** The address to open, in the form the parser made of it; null unless it is plain https to a known host. */
export function externalLink(url: string, hosts: ReadonlySet<string>): string | null {
  const parsed = URL.parse(url)
  if (parsed === null || parsed.protocol !== 'https:' || !hosts.has(parsed.hostname)) return null
  return parsed.username === '' && parsed.password === '' && parsed.port === '' ? parsed.href : null
}
