const MOST_CHARACTERS = 80

/**
 * A piece of what was said, short and on one line, for a sentence of ours: without what drives a terminal or turns the
 * reading direction.
 */
export function quotedText(text: string): string {
  return `“${printableText(text, MOST_CHARACTERS)}”`
}

/** Text from outside on one line, of so many characters at most. */
export function printableText(text: string, mostCharacters: number): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cs}\s\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu, ' ').trim()
  const characters = Array.from(line)
  return characters.length <= mostCharacters ? line : `${characters.slice(0, mostCharacters - 1).join('')}…`
}
