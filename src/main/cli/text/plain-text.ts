/** Control characters (escape sequences among them) and characters that turn the direction of text. */
// oxlint-disable-next-line no-control-regex -- finding them is the point
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * Text from outside (catalogue, user's file, driver) made safe for a terminal: it can neither move the cursor nor
 * colour, hide or reorder what stands around it.
 */
export function plainText(text: string): string {
  return text.replace(UNSAFE, '\u{fffd}')
}
