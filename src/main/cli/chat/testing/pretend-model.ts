import type { ChatRequest, OpenModel } from '#backend/chat/open-model.ts'
import type { ChatUpdate, SessionInfo } from '#contract/chatting.ts'
import { DEFAULT_CHAT_SETTINGS } from '#core/chat/chat-settings.ts'
import type { Figure } from '#core/figure/figure.ts'

function estimated(value: number, low: number, high: number): Figure {
  return { value, low, high, unit: 'tokensPerSecond', basis: 'estimated', source: 'a formula' }
}

/** What a test may change of the model it talks with. */
export interface Pretended {
  readonly says: (request: ChatRequest, signal: AbortSignal) => AsyncIterable<ChatUpdate>
  readonly onClose?: () => void
  readonly info?: Partial<SessionInfo>
}

/** A model that says what a test wants, in no time: 12 tokens at 93 tok/s, of which 85 were predicted. */
export function pretendModel({ info = {}, onClose, says }: Pretended): OpenModel {
  return {
    info: { ...INFO, ...info },
    async *chat(request, signal = new AbortController().signal) {
      const said = { answer: '', thought: '' }
      for await (const update of says(request, signal)) {
        if (update.kind === 'text') said[update.part] += update.text
        yield update
      }
      return {
        text: said.answer,
        thought: said.thought === '' ? null : said.thought,
        generation: {
          model: INFO.name,
          stopReason: signal.aborted ? 'stopped' : 'end-of-turn',
          promptTokens: 5,
          reusedTokens: 0,
          generatedTokens: 12,
          timeToFirstTokenSeconds: 0.02,
          prefillTokensPerSecond: 900,
          decodeTokensPerSecond: 93,
          contextUsedTokens: 17,
          memory: { residentBytes: 2 ** 30, acceleratorBytes: null },
          usd: null,
        },
      }
    },
    async *live() {
      yield* []
    },
    local: null,
    close: () => onClose?.(),
  }
}

const INFO: SessionInfo = {
  sessionId: '',
  name: 'Qwen3 8B Q4_K_M',
  kind: 'file',
  contextTokens: 8192,
  engine: { name: 'llama.cpp', release: 'b1', nodeLlamaCpp: '3', backend: 'cpu', threads: 2 },
  gpuLayers: 0,
  totalLayers: 37,
  buffers: [],
  adapters: [],
  template: 'file',
  defaults: DEFAULT_CHAT_SETTINGS,
  prediction: {
    modelId: 'Qwen/Qwen3-8B',
    modelName: 'Qwen3 8B',
    quantizationId: 'Q4_K_M',
    matchedBy: 'name',
    mode: 'cpu',
    gpuLayers: 0,
    totalLayers: 37,
    decode: estimated(85, 70, 100),
    prefill: estimated(800, 600, 1000),
    memory: { value: 6e9, unit: 'bytes', basis: 'estimated', source: 'a formula' },
    pools: [],
  },
  noPrediction: null,
  loadSeconds: 1,
}
