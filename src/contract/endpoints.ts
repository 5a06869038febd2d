import * as z from 'zod'

/** An OpenAI-compatible server: Ollama, llama-server, vLLM, LM Studio, or a proprietary API. */
export const endpointSchema = z.object({
  id: z.string().regex(/^[\w-]{1,100}$/),
  name: z.string().min(1).max(100),
  /** Up to and with the version: http://127.0.0.1:11434/v1. */
  url: z.url({ protocol: /^https?$/ }).max(500),
  /** Environment variable that holds its key; null: it needs none, or the key store has it. */
  keyVariable: z
    .string()
    .regex(/^[A-Za-z_]\w{0,99}$/)
    .nullable(),
  /** What it charges, as its user typed it; null: not known. Of a server of one's own: 0. */
  usdPerMillionInputTokens: z.number().nonnegative().max(1e6).nullable(),
  usdPerMillionOutputTokens: z.number().nonnegative().max(1e6).nullable(),
})

export const endpointIdSchema = z.object({ id: z.string().regex(/^[\w-]{1,100}$/) })

export type Endpoint = z.infer<typeof endpointSchema>

/** Where the key of an endpoint, or the hub's token, comes from; the secret itself never leaves the backend. */
export type SecretState =
  /** In the system's key store. */
  | { readonly kind: 'stored' }
  | { readonly kind: 'environment'; readonly variable: string }
  /** Nothing; `variable` is where it would be looked for. */
  | { readonly kind: 'missing'; readonly variable: string | null }

/** Names a secret: an endpoint's id, or the hub. */
export const secretNameSchema = z.union([
  z.literal('hugging-face'),
  z.string().regex(/^endpoint:[\w-]{1,100}$/),
])
export type SecretName = z.infer<typeof secretNameSchema>

export const setSecretSchema = z.object({ name: secretNameSchema, value: z.string().min(1).max(10_000) })
export const secretSchema = z.object({ name: secretNameSchema })

/** Every endpoint with where its key comes from. */
export interface KnownEndpoint {
  readonly endpoint: Endpoint
  readonly key: SecretState
}

/** What this host can do with secrets. */
export interface SecretsState {
  /** Null: it can keep them; else why not, and what to do instead. */
  readonly cannotStore: string | null
  readonly huggingFace: SecretState
}
