import type { RunPrediction } from '#core/chat/run-prediction.ts'
import { isKnown, type MaybeFigure } from '#core/figure/figure.ts'

/**
 * How long the first token of an answer was expected to take: reading the tokens that are not in the cache yet, and one
 * step of decoding.
 */
export function expectedFirstToken(
  { decode, prefill }: Pick<RunPrediction, 'decode' | 'prefill'>,
  evaluatedTokens: number,
): MaybeFigure {
  if (!isKnown(prefill)) return { ...prefill, unit: 'seconds' }
  if (!isKnown(decode)) return { ...decode, unit: 'seconds' }
  const seconds = (prefillSpeed: number, decodeSpeed: number) =>
    evaluatedTokens / prefillSpeed + 1 / decodeSpeed
  return {
    value: seconds(prefill.value, decode.value),
    unit: 'seconds',
    basis: 'estimated',
    low: seconds(prefill.high ?? prefill.value, decode.high ?? decode.value),
    high: seconds(prefill.low ?? prefill.value, decode.low ?? decode.value),
    source: `${evaluatedTokens} tokens at the estimated prefill speed, and one decoded token`,
  }
}
