import type { LlamaChatResponseChunk } from 'node-llama-cpp'
import type { ChatUpdate } from '#contract/chatting.ts'

/** How often text goes out: nobody reads faster, and each message takes some time of a processor from llama.cpp. */
const TEXT_NEWS_MS = 100
/** How often the speed goes with it; a line of it needs no more points. */
const SPEED_NEWS_MS = 400

/** Collects what is said, and sends it on in bundles; the first word at once. */
export function answerNews(report: (update: ChatUpdate) => void, startedAt: number) {
  const said = { answer: '', thought: '' }
  const held = { answer: '', thought: '' }
  let sentAt = -Infinity
  let speedSentAt = -Infinity
  let tokens = 0
  let first: { readonly at: number; readonly tokens: number } | null = null
  let lastAt = startedAt
  const speed = () =>
    first === null || lastAt <= first.at ? null : ((tokens - first.tokens) * 1000) / (lastAt - first.at)
  const flush = (now: number) => {
    // Nothing to show yet, such as half a letter: what follows must not wait as if something had been sent.
    if (held.answer === '' && held.thought === '') return
    for (const part of ['thought', 'answer'] as const) {
      if (held[part] !== '') report({ kind: 'text', part, text: held[part] })
      held[part] = ''
    }
    sentAt = now
    const tokensPerSecond = speed()
    if (tokensPerSecond === null || now - speedSentAt < SPEED_NEWS_MS) return
    report({ kind: 'speed', generatedTokens: tokens, tokensPerSecond })
    speedSentAt = now
  }
  return {
    say(chunk: LlamaChatResponseChunk) {
      const now = performance.now()
      const part = chunk.type === 'segment' ? 'thought' : 'answer'
      // One bundle holds one kind, so that their order is kept.
      if (held[part === 'answer' ? 'thought' : 'answer'] !== '') flush(now)
      said[part] += chunk.text
      held[part] += chunk.text
      if (chunk.tokens.length > 0) {
        tokens += chunk.tokens.length
        lastAt = now
        first ??= { at: now, tokens }
      }
      if (now - sentAt >= TEXT_NEWS_MS) flush(now)
    },
    end() {
      flush(performance.now())
      return {
        text: said.answer,
        thought: said.thought,
        firstSeconds: first === null ? null : (first.at - startedAt) / 1000,
        decodeTokensPerSecond: speed(),
      }
    },
  }
}
