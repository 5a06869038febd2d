import { parsed, rejected } from './parsed-input.ts'
import type { ParsedInput } from './parsed-input.ts'

const TOKENS_PER_SUFFIX: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1024],
  ['m', 1024 * 1024],
])

/** Tokens in the cache: as `parseTokenCount`, and 0 for an empty one. */
export function parseDepth(text: string): ParsedInput<number> {
  return text.trim() === '0' ? parsed(0) : parseTokenCount(text)
}

/** A number of tokens: `8192`, `8k` (8,192), `128k` (131,072) or `1m` (1,048,576), as context lengths are named. */
export function parseTokenCount(text: string): ParsedInput<number> {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([km]?)\s*$/i.exec(text)
  const tokensPerSuffix = TOKENS_PER_SUFFIX.get(match?.[2]?.toLowerCase() ?? 'no match')
  if (match === null || tokensPerSuffix === undefined) {
    return rejected(`"${text}" is not a number of tokens; write it like 8192, 8k or 128k`)
  }
  const tokens = Number(match[1]) * tokensPerSuffix
  if (!Number.isInteger(tokens)) return rejected(`"${text}" is not a whole number of tokens`)
  if (tokens < 1) return rejected(`a context needs at least 1 token, not "${text}"`)
  return parsed(tokens)
}
