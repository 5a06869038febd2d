import type { Quantization } from '#core/quant/quantization.ts'

/** Part of a name that is a word of its own: `Q4_K` is none in `Q4_K_XL`. */
function isWordIn(word: string, name: string): boolean {
  const escaped = word.replace(/[^a-z0-9]/gi, String.raw`\$&`)
  return new RegExp(`(?<![a-z0-9_])${escaped}(?![a-z0-9_])`, 'i').test(name)
}

/**
 * The catalogue's quantization a file is named by: "Qwen3-8B-Q4_K_M.gguf", "Q8_0/model-00001-of-00003.gguf". The file's
 * name goes before its folder's, the longest word before shorter ones; null where it names none.
 */
export function quantizationOfName(file: string, quantizations: readonly Quantization[]): string | null {
  const words = quantizations
    .flatMap(({ id, aliases }) => [id, ...aliases].map((word) => ({ id, word })))
    .toSorted((left, right) => right.word.length - left.word.length)
  for (const segment of file.split('/').toReversed()) {
    const found = words.find(({ word }) => isWordIn(word, segment))
    if (found !== undefined) return found.id
  }
  return null
}
