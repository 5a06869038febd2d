/** What became of one piece of text the user typed. The message completes "… is wrong: ". */
export type ParsedInput<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'error'; readonly message: string }

/** A good value. */
export function parsed<T>(value: T): ParsedInput<T> {
  return { kind: 'ok', value }
}

/** A bad one, with what is wrong and how to write it. */
export function rejected(message: string): { readonly kind: 'error'; readonly message: string } {
  return { kind: 'error', message }
}
