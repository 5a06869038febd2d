import { expect, it } from 'vitest'
import type { SessionInfo } from '#contract/chatting.ts'
import type { Generation } from '#core/chat/generation.ts'
import { pretendModel } from '../chat/testing/pretend-model.ts'
import { answerNumbers, answerText, modelLine, progressText } from './chat-text.ts'

const { info } = pretendModel({
  async *says() {
    yield* []
  },
})
const generation: Generation = {
  model: 'x',
  stopReason: 'end-of-turn',
  promptTokens: 5,
  reusedTokens: 0,
  generatedTokens: 12,
  timeToFirstTokenSeconds: 0.02,
  prefillTokensPerSecond: 900,
  decodeTokensPerSecond: 93.4,
  contextUsedTokens: 17,
  memory: null,
  usd: null,
}

it.each<[string, Partial<Generation>, Partial<SessionInfo>, string]>([
  [
    'all of it',
    {},
    {},
    '12 tokens, 93 tok/s, first after 0.02 s; predicted 85 tok/s (70–100), the prediction was 9 % low',
  ],
  [
    'one token',
    { generatedTokens: 1, decodeTokensPerSecond: null },
    {},
    '1 token, first after 0.02 s; predicted 85 tok/s (70–100)',
  ],
  [
    'no prediction',
    {},
    { prediction: null, noPrediction: 'nobody\u001b knows it' },
    '12 tokens, 93 tok/s, first after 0.02 s; nothing was predicted: nobody\ufffd knows it',
  ],
  [
    'a price',
    { usd: 0.00123, stopReason: 'max-tokens' },
    { prediction: null },
    '12 tokens, 93 tok/s, first after 0.02 s, 0.00123 USD, cut off at the longest answer',
  ],
  [
    'a server',
    {},
    { kind: 'endpoint', prediction: null, noPrediction: 'a server runs it' },
    '12 tokens, 93 tok/s, first after 0.02 s',
  ],
  [
    'nothing known',
    {
      generatedTokens: null,
      decodeTokensPerSecond: null,
      timeToFirstTokenSeconds: null,
      stopReason: 'stopped',
    },
    { prediction: null },
    'stopped',
  ],
])('tells the numbers of an answer: %s', (_, numbers, about, words) => {
  expect(answerNumbers({ ...generation, ...numbers }, { ...info, ...about })).toBe(words)
})

it('keeps lines and tabs of an answer, and no other control character', () => {
  expect(answerText('a\r\nb\tc\u001b[2J\u0007\u009b\u202ed')).toBe('a\nb\tc\ufffd[2J\ufffd\ufffd\ufffdd')
})

it('says who answers', () => {
  expect(modelLine(info)).toBe('Qwen3 8B Q4_K_M · 8k context · llama.cpp on cpu')
  expect(modelLine({ ...info, name: 'e\u001bvil', contextTokens: null, engine: null, gpuLayers: 20 })).toBe(
    'e\ufffdvil · 20 of 37 layers on the GPU',
  )
})

it('says what happens before the first word', () => {
  expect(progressText({ kind: 'waiting', ahead: 2 })).toBe('Waiting for 2 other answers')
  expect(progressText({ kind: 'prefill', doneTokens: 512, totalTokens: 2048 })).toBe(
    'Reading: 512 of 2,048 tokens',
  )
  expect(progressText({ kind: 'text', part: 'thought', text: 'Hm' })).toBe('Thinking')
})
