import * as z from 'zod'

/** What one message of a stream (or a whole answer) says. */
export type AnswerPart =
  | { readonly kind: 'text'; readonly part: 'answer' | 'thought'; readonly text: string }
  | { readonly kind: 'finish'; readonly reason: string }
  | { readonly kind: 'usage'; readonly usage: Usage }
  | { readonly kind: 'error'; readonly said: unknown }

/** Tokens as the server counted them. */
export interface Usage {
  readonly promptTokens: number
  readonly cachedTokens: number | null
  readonly generatedTokens: number
  /** Thoughts among the generated; null where it does not say. */
  readonly thoughtTokens: number | null
}

const count = z.number().int().nonnegative()
const textPart = z.object({ text: z.string() })
/** Text, or a list of pieces of which some are thoughts (Mistral). */
const contentSchema = z.union([
  z.string(),
  z.array(z.union([textPart, z.object({ thinking: z.array(textPart) }), z.unknown()])),
])

const saidSchema = z.object({
  content: contentSchema.nullish().catch(null),
  // llama-server, vLLM, LM Studio, DeepSeek call it the first; Ollama, OpenRouter, newer vLLM the second.
  reasoning_content: z.string().nullish().catch(null),
  reasoning: z.string().nullish().catch(null),
  refusal: z.string().nullish().catch(null),
})

const usageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count.nullish(),
  prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish().catch(null),
  completion_tokens_details: z.object({ reasoning_tokens: count.nullish() }).nullish().catch(null),
  prompt_cache_hit_tokens: count.nullish().catch(null),
})

const messageSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: saidSchema.nullish(),
        message: saidSchema.nullish(),
        finish_reason: z.string().nullish().catch(null),
      }),
    )
    .nullish(),
  usage: usageSchema.nullish().catch(null),
  // Groq.
  x_groq: z.object({ usage: usageSchema.nullish() }).nullish().catch(null),
})

const failureSchema = z.union([
  z.object({ error: z.union([z.string().min(1), z.looseObject({})]) }),
  // vLLM.
  z.looseObject({ object: z.literal('error') }),
])

/** The parts of one message, in order; null where it is nothing of a chat. */
export function answerParts(value: unknown): readonly AnswerPart[] | null {
  if (failureSchema.safeParse(value).success) return [{ kind: 'error', said: value }]
  const parsed = messageSchema.safeParse(value)
  if (!parsed.success) return null
  const { choices, usage, x_groq } = parsed.data
  const [choice] = choices ?? []
  const said = choice?.delta ?? choice?.message
  const used = usage ?? x_groq?.usage
  const reason = choice?.finish_reason
  return [
    ...(said === null || said === undefined ? [] : textParts(said)),
    ...(reason === null || reason === undefined || reason === ''
      ? []
      : [{ kind: 'finish', reason } as const]),
    ...(used === null || used === undefined ? [] : [{ kind: 'usage', usage: usageOf(used) } as const]),
  ]
}

function textParts({ content, reasoning, reasoning_content, refusal }: z.infer<typeof saidSchema>) {
  // Some servers send the same thought under both names.
  const thought = reasoning_content || reasoning || ''
  const pieces = [{ part: 'thought', text: thought } as const, ...contentParts(content ?? '')]
  return [...pieces, { part: 'answer', text: refusal ?? '' } as const]
    .filter(({ text }) => text !== '')
    .map((piece) => ({ kind: 'text', ...piece }) as const)
}

function contentParts(content: z.infer<typeof contentSchema>) {
  if (typeof content === 'string') return [{ part: 'answer', text: content } as const]
  return content.map((piece) => {
    const text = textPart.safeParse(piece)
    if (text.success) return { part: 'answer', text: text.data.text } as const
    const thought = z.object({ thinking: z.array(textPart) }).safeParse(piece)
    return { part: 'thought', text: (thought.data?.thinking ?? []).map((one) => one.text).join('') } as const
  })
}

function usageOf(usage: z.infer<typeof usageSchema>): Usage {
  return {
    promptTokens: usage.prompt_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? null,
    generatedTokens: usage.completion_tokens ?? 0,
    thoughtTokens: usage.completion_tokens_details?.reasoning_tokens ?? null,
  }
}
