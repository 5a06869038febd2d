import type { ChatRequest, LocalBench, OpenModel } from '#backend/chat/open-model.ts'
import type { ChatAnswer } from '#contract/chatting.ts'
import type { StopReason } from '#core/chat/generation.ts'
import { DEFAULT_CHAT_SETTINGS } from '#core/chat/chat-settings.ts'
import { sampleSmoke } from './measurement-samples.ts'

const { bench, buffers, engine, memory } = sampleSmoke('smoke-000000')
const localBench: LocalBench = { bench: bench!, memory: memory!, buffers, othersBusyProcessors: 0.1 }

/** What a pretend model says to a question, in pieces; an error it throws instead. */
export type Script = (text: string, request: ChatRequest) => string | readonly string[] | Error

/** What else may be unlike a model in order. */
export interface ScriptedModelOptions {
  readonly kind?: 'pilot' | 'file' | 'endpoint'
  readonly contextTokens?: number | null
  readonly roundTrip?: (text: string) => string
  readonly bench?: () => Promise<LocalBench>
}

/** A model that says what it is told to say, and keeps the contract of `OpenModel` about being stopped. */
export function scriptedModel(script: Script, options: ScriptedModelOptions = {}): OpenModel {
  const { kind = 'file', contextTokens = 4096, roundTrip = (text) => text } = options
  const isLocal = kind !== 'endpoint'
  return {
    info: {
      sessionId: '',
      name: 'scripted',
      kind,
      contextTokens,
      engine: isLocal ? engine : null,
      gpuLayers: isLocal ? 0 : null,
      totalLayers: isLocal ? 29 : null,
      buffers: [],
      adapters: [],
      template: isLocal ? 'file' : 'server',
      defaults: DEFAULT_CHAT_SETTINGS,
      prediction: null,
      noPrediction: 'it is made up',
      loadSeconds: isLocal ? 1 : null,
    },
    async *chat(request, signal) {
      const said = script(request.messages.at(-1)!.text, request)
      if (said instanceof Error) throw said
      const pieces = typeof said === 'string' ? [said] : said
      let text = ''
      for (const piece of pieces) {
        // As the real one: a signal ends it with what there is once there is something.
        if (signal?.aborted === true && text === '') throw signal.reason
        if (signal?.aborted === true) return answerOf(text, 'stopped')
        text += piece
        yield { kind: 'text', part: 'answer', text: piece }
        await Promise.resolve()
      }
      return answerOf(text, signal?.aborted === true ? 'stopped' : 'end-of-turn')
    },
    async *live() {},
    local: isLocal
      ? {
          bench: async (_signal, onSpeed) => {
            onSpeed('prefill', 210)
            onSpeed('decode', 41.5)
            return options.bench === undefined ? localBench : options.bench()
          },
          roundTrip: (text) => Promise.resolve(roundTrip(text)),
        }
      : null,
    close() {},
  }
}

function answerOf(text: string, stopReason: StopReason): ChatAnswer {
  return {
    text,
    thought: null,
    generation: {
      model: 'scripted',
      stopReason,
      promptTokens: null,
      reusedTokens: null,
      generatedTokens: null,
      timeToFirstTokenSeconds: null,
      prefillTokensPerSecond: null,
      decodeTokensPerSecond: null,
      contextUsedTokens: null,
      memory: null,
      usd: null,
    },
  }
}
