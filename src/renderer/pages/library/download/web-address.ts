/** An address as the settings keep it: null for an empty box, `invalid` for what is no plain http address. */
export function webAddress(
  typed: string,
): { readonly kind: 'address'; readonly address: string | null } | { readonly kind: 'invalid' } {
  const text = typed.trim()
  if (text === '') return { kind: 'address', address: null }
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return { kind: 'invalid' }
  const { username, password } = new URL(text)
  // A secret in an address would end up in records and messages.
  if (username !== '' || password !== '') return { kind: 'invalid' }
  return { kind: 'address', address: text.replace(/\/+$/, '') }
}
