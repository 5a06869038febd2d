import type { Usage } from '#backend/endpoint/answer-part.ts'
import type { Endpoint } from '#contract/endpoints.ts'
import type { Generation, StopReason } from '#core/chat/generation.ts'

/** What was seen of an answer. Times in milliseconds of one clock. */
export interface SeenAnswer {
  readonly endpoint: Endpoint
  readonly model: string
  readonly stopReason: StopReason
  readonly askedAt: number
  /** Of the first and the last text; null where none came. */
  readonly firstAt: number | null
  readonly lastAt: number | null
  readonly hasThought: boolean
  readonly usage: Usage | null
}

/** Shorter than this, the pieces came out of one buffer and say nothing about speed. */
const LEAST_SECONDS = 0.02

/** The numbers of an answer, timed at this end: the way there and back, and waiting there, are part of them. */
export function generationOf(seen: SeenAnswer): Generation {
  const { askedAt, firstAt, usage } = seen
  return {
    model: seen.model,
    stopReason: seen.stopReason,
    promptTokens: usage?.promptTokens ?? null,
    reusedTokens: usage?.cachedTokens ?? null,
    generatedTokens: usage?.generatedTokens ?? null,
    timeToFirstTokenSeconds: firstAt === null ? null : (firstAt - askedAt) / 1000,
    prefillTokensPerSecond: null,
    decodeTokensPerSecond: decodeSpeed(seen),
    contextUsedTokens: usage === null ? null : usage.promptTokens + usage.generatedTokens,
    memory: null,
    usd: usage === null ? null : price(seen.endpoint, usage),
  }
}

/** Thoughts that were counted but not shown came before the first text: they were not part of the time after it. */
function decodeSpeed({ firstAt, hasThought, lastAt, usage }: SeenAnswer): number | null {
  if (usage === null || firstAt === null || lastAt === null) return null
  const shownTokens = usage.generatedTokens - (hasThought ? 0 : (usage.thoughtTokens ?? 0))
  const seconds = (lastAt - firstAt) / 1000
  return shownTokens < 2 || seconds < LEAST_SECONDS ? null : (shownTokens - 1) / seconds
}

/** Cached tokens are often cheaper, which no typed price says: this is the most it can cost. */
function price(
  { usdPerMillionInputTokens, usdPerMillionOutputTokens }: Endpoint,
  { generatedTokens, promptTokens }: Usage,
): number | null {
  if (usdPerMillionInputTokens === null || usdPerMillionOutputTokens === null) return null
  return (promptTokens * usdPerMillionInputTokens + generatedTokens * usdPerMillionOutputTokens) / 1e6
}
