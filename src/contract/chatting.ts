import * as z from 'zod'
import type { ChatSettings, SamplingSettings } from '#core/chat/chat-settings.ts'
import type { Conversation } from '#core/chat/conversation.ts'
import type { Generation, RunMemory } from '#core/chat/generation.ts'
import type { RunPrediction } from '#core/chat/run-prediction.ts'
import type { EngineBuffer, MeasuredEngine } from '#core/measure/measurement.ts'
import type { SmokeCheckId, SmokeCheckResult, SmokeRecord } from '#core/smoke/smoke-record.ts'

const MAX_CONTEXT_TOKENS = 100_000_000
const MAX_TEXT = 8 * 1024 * 1024
const name = z.string().min(1).max(300)
const filePath = z.string().min(1).max(4096)

/** What answers: the pilot that ships with the app, a GGUF file, or a model behind an OpenAI-compatible endpoint. */
export const targetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pilot') }),
  z.object({ kind: z.literal('file'), path: filePath }),
  z.object({ kind: z.literal('endpoint'), endpointId: name, model: name }),
])

/** A LoRA adapter and how strongly it works: 1 as trained, 0 not at all. */
export const adapterSchema = z.object({ path: filePath, scale: z.number().min(-10).max(10) })

/** A model to open, and how. */
export const openWishSchema = z.object({
  target: targetSchema,
  /** Null: chosen from what the model allows and the memory holds. */
  contextTokens: z.number().int().min(256).max(MAX_CONTEXT_TOKENS).nullable(),
  gpuLayers: z.union([z.literal('auto'), z.number().int().nonnegative().max(10_000)]),
  adapters: z.array(adapterSchema).max(8).readonly(),
  /** Load it although it is larger than the memory that is free. */
  force: z.boolean(),
})

const samplingSchema = z.object({
  temperature: z.number().min(0).max(5),
  topP: z.number().min(0).max(1),
  topK: z.number().int().min(0).max(1_000_000),
  minP: z.number().min(0).max(1),
  repeatPenalty: z.number().min(0.1).max(5),
  seed: z.number().int().min(0).max(0xffff_ffff).nullable(),
}) satisfies z.ZodType<SamplingSettings>

/** {@link ChatSettings}, as a page may send them. */
export const chatSettingsSchema = z.object({
  system: z.string().max(MAX_TEXT),
  sampling: samplingSchema,
  maxTokens: z.number().int().positive().max(MAX_CONTEXT_TOKENS).nullable(),
  jsonSchema: z
    .string()
    .max(1024 * 1024)
    .nullable(),
}) satisfies z.ZodType<ChatSettings>

/** What has been said so far; the last one is the user's. */
export const chatWishSchema = z.object({
  sessionId: name,
  messages: z
    .array(z.object({ role: z.enum(['user', 'assistant']), text: z.string().max(MAX_TEXT) }))
    .min(1)
    .max(10_000)
    .readonly(),
  settings: chatSettingsSchema,
})

export const sessionIdSchema = z.object({ sessionId: name })

const generationSchema = z.object({
  model: z.string().max(1000),
  stopReason: z.enum(['end-of-turn', 'max-tokens', 'stopped', 'context-full']),
  promptTokens: z.number().nullable(),
  reusedTokens: z.number().nullable(),
  generatedTokens: z.number().nullable(),
  timeToFirstTokenSeconds: z.number().nullable(),
  prefillTokensPerSecond: z.number().nullable(),
  decodeTokensPerSecond: z.number().nullable(),
  contextUsedTokens: z.number().nullable(),
  memory: z.object({ residentBytes: z.number(), acceleratorBytes: z.number().nullable() }).nullable(),
  usd: z.number().nullable(),
}) satisfies z.ZodType<Generation>

/** {@link Conversation}, as a page sends it to be kept. */
export const conversationSchema = z.object({
  schema: z.literal('inhouse/conversation/1'),
  id: z.string().regex(/^[\w-]{8,100}$/),
  title: z.string().max(1000),
  startedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  model: z.string().max(1000),
  settings: chatSettingsSchema,
  messages: z
    .array(
      z.object({
        id: z.string().min(1).max(100),
        role: z.enum(['user', 'assistant']),
        text: z.string().max(MAX_TEXT),
        thought: z.string().max(MAX_TEXT).nullable(),
        generation: generationSchema.nullable(),
        saidAt: z.iso.datetime(),
      }),
    )
    .max(10_000)
    .readonly(),
}) satisfies z.ZodType<Conversation>

/** An identifier of a kept conversation. */
export const conversationIdSchema = z.object({ id: z.string().regex(/^[\w-]{8,100}$/) })

/** {@link targetSchema} as a type. */
export type Target = z.infer<typeof targetSchema>
/** {@link adapterSchema} as a type. */
export type Adapter = z.infer<typeof adapterSchema>
/** {@link openWishSchema} as a type. */
export type OpenWish = z.infer<typeof openWishSchema>
/** {@link chatWishSchema} as a type. */
export type ChatWish = z.infer<typeof chatWishSchema>

/** An opened model, as told to whoever opened it. */
export interface SessionInfo {
  readonly sessionId: string
  /** "Qwen3 8B Q4_K_M", "the pilot", "gpt-5 at api.openai.com". */
  readonly name: string
  readonly kind: 'pilot' | 'file' | 'endpoint'
  /** Of one conversation; null where an endpoint does not say. */
  readonly contextTokens: number | null
  /** Of an endpoint, null: its engine is its own. */
  readonly engine: MeasuredEngine | null
  readonly gpuLayers: number | null
  readonly totalLayers: number | null
  /** What llama.cpp says it allocated. */
  readonly buffers: readonly EngineBuffer[]
  readonly adapters: readonly Adapter[]
  /** Where the format of turns comes from: the file's own template, a plain one because it has none, or the server. */
  readonly template: 'file' | 'plain' | 'server'
  /** From the file's metadata where it says something, else the app's defaults. */
  readonly defaults: ChatSettings
  /** Null where no catalogue model has this shape; `noPrediction` then says so. */
  readonly prediction: RunPrediction | null
  readonly noPrediction: string | null
  readonly loadSeconds: number | null
}

/** What an open session says of itself until it is left; leaving the stream lets the model go. */
export type SessionUpdate =
  | { readonly kind: 'loading'; readonly fraction: number }
  | { readonly kind: 'ready'; readonly info: SessionInfo }
  /** About every second. */
  | {
      readonly kind: 'live'
      readonly memory: RunMemory
      /** Windows and tabs that have this model open, this one included. */
      readonly windows: number
    }

/** What an answer says of itself while it comes. */
export type ChatUpdate =
  /** Other windows are answered first. */
  | { readonly kind: 'waiting'; readonly ahead: number }
  /** The prompt is being read. */
  | { readonly kind: 'prefill'; readonly doneTokens: number; readonly totalTokens: number }
  | { readonly kind: 'text'; readonly part: 'answer' | 'thought'; readonly text: string }
  /** Some times a second. */
  | { readonly kind: 'speed'; readonly generatedTokens: number; readonly tokensPerSecond: number }

/** A finished (or stopped) answer. */
export interface ChatAnswer {
  readonly text: string
  readonly thought: string | null
  readonly generation: Generation
}

/** What a smoke test says of itself. */
export type SmokeUpdate =
  | { readonly kind: 'loading'; readonly fraction: number }
  | { readonly kind: 'check-started'; readonly id: SmokeCheckId }
  /** Text of the check that runs, as it comes. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'check-done'; readonly result: SmokeCheckResult }
  | { readonly kind: 'bench'; readonly what: 'prefill' | 'decode'; readonly tokensPerSecond: number }

/** A finished smoke test. */
export interface FinishedSmokeTest {
  readonly record: SmokeRecord
  /** Why it could not be kept; null where it was. */
  readonly notKept: string | null
}

/** A kept conversation in a list. */
export interface ConversationSummary {
  readonly id: string
  readonly title: string
  readonly changedAt: string
  readonly model: string
  readonly messages: number
}
