import * as z from 'zod'

/** Longer nobody reads. */
const MAX_WORDS = 300
/** Control characters, and marks that turn the direction of text. */
// oxlint-disable-next-line no-control-regex -- finding them is the point
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g

const text = z.string()
/** The forms in which OpenAI, vLLM, llama-server, Ollama, LM Studio and FastAPI say what is wrong. */
const saidSchema = z.union([
  z.object({ error: z.object({ message: text }) }).transform(({ error }) => error.message),
  z.object({ error: text }).transform(({ error }) => error),
  z.object({ message: text }).transform(({ message }) => message),
  z.object({ detail: text }).transform(({ detail }) => detail),
  z
    .object({
      detail: z.array(z.object({ msg: text, loc: z.array(z.union([text, z.number()])).catch([]) })).min(1),
    })
    .transform(({ detail }) => detail.map(({ loc, msg }) => `${loc.at(-1) ?? 'request'}: ${msg}`).join('; ')),
])

/** What a server says is wrong, made safe to quote; null where it says nothing. A key it repeats is left out. */
export function serverWords(said: unknown, key: string | null): string | null {
  const found = saidSchema.safeParse(Array.isArray(said) ? said[0] : said)
  if (!found.success) return null
  const hidden = key === null ? found.data : found.data.replaceAll(key, '(the key)')
  const words = hidden.replace(UNSAFE, ' ').trim()
  if (words === '') return null
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words
}
