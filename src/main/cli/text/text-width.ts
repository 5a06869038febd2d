import { stripVTControlCharacters } from 'node:util'

/** East Asian wide and fullwidth blocks (Unicode UAX #11, W and F) and emoji: two columns each. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const ZERO_WIDTH = /^[\p{M}\p{Cf}]$/u

/** Columns a terminal needs for the text; colours count nothing. */
export function textWidth(text: string): number {
  let columns = 0
  for (const character of stripVTControlCharacters(text)) {
    if (ZERO_WIDTH.test(character)) continue
    columns += WIDE.test(character) ? 2 : 1
  }
  return columns
}

/** Shortens text to at most `columns`, ending in "…" where something was cut. Only for text without colours. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  let cut = ''
  for (const character of text) {
    if (textWidth(cut + character) > columns - 1) break
    cut += character
  }
  return `${cut.trimEnd()}…`
}

/** Breaks plain text at spaces into lines of at most `columns`. */
export function wrapText(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && textWidth(longer) > columns) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return line === '' ? lines : [...lines, line]
}
