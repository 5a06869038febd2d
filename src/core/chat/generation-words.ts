import type { Generation } from '#core/chat/generation.ts'
import { formatCount, formatNumber, formatSpeed } from '#core/figure/format-figure.ts'

/** What an answer took, in one line: "12 tokens, 93 tok/s, first after 0.02 s"; only what is known. */
export function generationWords(generation: Generation): string {
  const { decodeTokensPerSecond, generatedTokens, stopReason, timeToFirstTokenSeconds, usd } = generation
  return [
    generatedTokens === null
      ? null
      : `${formatCount(generatedTokens)} ${generatedTokens === 1 ? 'token' : 'tokens'}`,
    decodeTokensPerSecond === null ? null : `${formatSpeed(decodeTokensPerSecond)} tok/s`,
    timeToFirstTokenSeconds === null ? null : `first after ${formatNumber(timeToFirstTokenSeconds)} s`,
    usd === null ? null : `${formatNumber(usd)} USD`,
    STOP_WORDS[stopReason],
  ]
    .filter((part) => part !== null)
    .join(', ')
}

const STOP_WORDS = {
  'end-of-turn': null,
  'max-tokens': 'cut off at the longest answer',
  stopped: 'stopped',
  'context-full': 'cut off because the context is full',
} as const
