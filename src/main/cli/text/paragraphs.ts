import { plainText } from './plain-text.ts'
import { wrapText } from './text-width.ts'

/** Longest line of running text: still easy to read, and fits a usual terminal. */
export const TEXT_COLUMNS = 96

/** Sentences as a list, wrapped under their dash. */
export function bullets(sentences: readonly string[]): string {
  return sentences
    .map((sentence) => {
      const lines = wrapText(plainText(sentence), TEXT_COLUMNS - 4)
      return lines.map((line, index) => `${index === 0 ? '  - ' : '    '}${line}\n`).join('')
    })
    .join('')
}
