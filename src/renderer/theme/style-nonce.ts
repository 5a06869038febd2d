/** The nonce the host put into the page, for the style elements Mantine adds under a strict content policy. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
}
