import type { ChatAnswer, ChatUpdate, ChatWish, SessionInfo, SessionUpdate } from '#contract/chatting.ts'
import type { RunMemory } from '#core/chat/generation.ts'
import type { EngineBuffer } from '#core/measure/measurement.ts'
import type { SmokeBench } from '#core/smoke/smoke-record.ts'

/** What is said, and how to answer it. */
export type ChatRequest = Omit<ChatWish, 'sessionId'>

/**
 * One model that answers, opened by one window, tab, command or test: a file in a process of its own, or an endpoint.
 * Whoever opened it closes it.
 */
export interface OpenModel {
  readonly info: SessionInfo
  /**
   * Answers the last message. Aborting the signal once text has come ends it with what there is (`stopped`); leaving the
   * stream does so too and loses the answer. Errors: `ENGINE_*`, `OUT_OF_MEMORY`, `CHAT_REFUSED`, `ENDPOINT_*`.
   */
  chat(request: ChatRequest, signal?: AbortSignal): AsyncGenerator<ChatUpdate, ChatAnswer>
  /** Memory and windows, about every second, until left. */
  live(signal: AbortSignal): AsyncGenerator<Extract<SessionUpdate, { kind: 'live' }>, void>
  /** Of local models; null of endpoints. */
  readonly local: LocalTests | null
  close(): void
}

/** What only a model in our own process can be asked. */
export interface LocalTests {
  /** Prefill of 512 tokens and decoding of 128, as llama-bench pp512 and tg128; a context below that takes what it holds. */
  bench(
    signal: AbortSignal | undefined,
    onSpeed: (what: 'prefill' | 'decode', tokensPerSecond: number) => void,
  ): Promise<LocalBench>
  /** The text as the tokenizer gives it back. */
  roundTrip(text: string): Promise<string>
}

export interface LocalBench {
  readonly bench: SmokeBench
  readonly memory: RunMemory
  readonly buffers: readonly EngineBuffer[]
  readonly othersBusyProcessors: number | null
}
