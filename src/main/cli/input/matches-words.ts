/** True when every word occurs in one of the texts; case and punctuation ignored, so "rtx3090" finds "RTX 3090". */
export function matchesWords(words: readonly string[], texts: readonly (string | null)[]): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
  const haystack = texts.map((text) => plain(text ?? '')).join(' ')
  return words.flatMap((word) => word.split(/\s+/)).every((word) => haystack.includes(plain(word)))
}
