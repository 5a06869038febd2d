import type { ChatRequest } from '#backend/chat/open-model.ts'
import { parseJson } from '#backend/endpoint/ask-endpoint.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** What a server may refuse and the request can do without. */
const DISPENSABLE = [
  'temperature',
  'top_p',
  'top_k',
  'min_p',
  'repeat_penalty',
  'repetition_penalty',
  'seed',
  'stream_options',
] as const
/** One of the fields a request can do without, or the older name of the longest answer. */
export type Dropped = (typeof DISPENSABLE)[number] | 'max_tokens'

/** Not of OpenAI's own interface: only servers that run open models know them. */
const BEYOND_OPENAI: readonly Dropped[] = ['top_k', 'min_p', 'repeat_penalty', 'repetition_penalty']
/** Hosts of proprietary interfaces, which refuse a request that has them. */
const STRICT_HOST =
  /(^|\.)(openai\.com|openai\.azure\.com|anthropic\.com|googleapis\.com|mistral\.ai|groq\.com|x\.ai|deepseek\.com)$/

/** What this host is known to refuse, before it was asked. */
export function refusedByHost({ hostname }: URL): readonly Dropped[] {
  if (!STRICT_HOST.test(hostname)) return []
  return /(^|\.)openai\.(com|azure\.com)$/.test(hostname) ? [...BEYOND_OPENAI, 'max_tokens'] : BEYOND_OPENAI
}

/** The request as OpenAI's chat completions take it, without what was refused before. */
export function chatBody(model: string, { messages, settings }: ChatRequest, dropped: ReadonlySet<Dropped>) {
  const { jsonSchema, maxTokens, sampling, system } = settings
  const fields = {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    min_p: sampling.minP,
    // llama.cpp and LM Studio know the first name, vLLM the second; 1 is off everywhere.
    ...(sampling.repeatPenalty === 1
      ? {}
      : { repeat_penalty: sampling.repeatPenalty, repetition_penalty: sampling.repeatPenalty }),
    ...(sampling.seed === null ? {} : { seed: sampling.seed }),
    stream_options: { include_usage: true },
  }
  const kept = Object.entries(fields).filter(([name]) => !dropped.has(name as Dropped))
  return {
    model,
    messages: [
      ...(system === '' ? [] : [{ role: 'system', content: system }]),
      ...messages.map(({ role, text }) => ({ role, content: text })),
    ],
    stream: true,
    ...Object.fromEntries(kept),
    ...(maxTokens === null
      ? {}
      : { [dropped.has('max_tokens') ? 'max_completion_tokens' : 'max_tokens']: maxTokens }),
    ...(jsonSchema === null ? {} : { response_format: responseFormat(jsonSchema) }),
  }
}

function responseFormat(jsonSchema: string) {
  const schema = parseJson(jsonSchema)
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new InhouseError({
      code: 'CHAT_REFUSED',
      message: 'The JSON schema is no JSON object.',
      nextStep: 'Correct it, or leave it out for free text.',
    })
  }
  return { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } }
}

/** Fields of the request that a refusal names and that it can do without. */
export function namedInRefusal(said: unknown, body: object): readonly Dropped[] {
  const text = JSON.stringify(said) ?? ''
  const names = (name: string) => new RegExp(`(?<![A-Za-z_])${name}(?![A-Za-z_])`).test(text)
  const named: Dropped[] = DISPENSABLE.filter((name) => name in body && names(name))
  return 'max_tokens' in body && names('max_completion_tokens') ? [...named, 'max_tokens'] : named
}

/** Whether a refusal is about the JSON schema. */
export function refusesSchema(said: unknown, body: object): boolean {
  return (
    'response_format' in body &&
    /response_format|json_schema|schema|grammar/i.test(JSON.stringify(said) ?? '')
  )
}
