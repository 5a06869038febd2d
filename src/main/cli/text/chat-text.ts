import type { ChatUpdate, SessionInfo } from '#contract/chatting.ts'
import type { Generation } from '#core/chat/generation.ts'
import { generationWords } from '#core/chat/generation-words.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import { formatContext, formatCount, formatFigure } from '#core/figure/format-figure.ts'
import { estimateError, estimateErrorWords } from '#core/measure/estimate-error.ts'
import { plainText } from './plain-text.ts'

/** What a model says, safe for a terminal: of all control characters only line ends and tabs remain. */
export function answerText(text: string): string {
  return text
    .replaceAll('\r', '')
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : plainText(part)))
    .join('')
}

/** "12 tokens, 93 tok/s, first after 0.02 s; predicted 85 tok/s, the prediction was 9 % low". */
export function answerNumbers(generation: Generation, info: SessionInfo): string {
  const words = generationWords(generation)
  const beside = predictionWords(generation, info)
  return beside === '' ? words : `${words}; ${beside}`
}

/** The measured decode speed as a figure. */
export function measuredDecode({ decodeTokensPerSecond }: Generation): MaybeFigure {
  return decodeTokensPerSecond === null
    ? { value: null, unit: 'tokensPerSecond', reason: 'too few tokens to time, or not told' }
    : {
        value: decodeTokensPerSecond,
        unit: 'tokensPerSecond',
        basis: 'measured',
        source: 'tokens after the first, by the time from the first to the last',
      }
}

function predictionWords(generation: Generation, { kind, noPrediction, prediction }: SessionInfo): string {
  // Of a server nobody expects one: saying so below every answer would only be noise.
  if (kind === 'endpoint') return ''
  if (prediction === null) {
    return noPrediction === null ? '' : `nothing was predicted: ${plainText(noPrediction)}`
  }
  const error = estimateError(prediction.decode, measuredDecode(generation))
  const predicted = `predicted ${formatFigure(prediction.decode)}`
  return error === null ? predicted : `${predicted}, ${estimateErrorWords(error, 'prediction')}`
}

/** What happens before the first word of an answer. */
export function progressText(update: ChatUpdate): string {
  switch (update.kind) {
    case 'waiting':
      return `Waiting for ${update.ahead === 1 ? 'another answer' : `${update.ahead} other answers`}`
    case 'prefill':
      return `Reading: ${formatCount(update.doneTokens)} of ${formatCount(update.totalTokens)} tokens`
    case 'text':
      return 'Thinking'
    case 'speed':
      return `Thinking: ${formatCount(update.generatedTokens)} tokens`
  }
}

/** Who one talks with: "the pilot · 2k context · cpu · 24 of 25 layers on the GPU". */
export function modelLine({ contextTokens, engine, gpuLayers, name, totalLayers }: SessionInfo): string {
  return [
    plainText(name),
    contextTokens === null ? null : `${formatContext(contextTokens)} context`,
    engine === null ? null : `llama.cpp on ${engine.backend}`,
    gpuLayers === null || totalLayers === null || gpuLayers === 0
      ? null
      : `${gpuLayers} of ${totalLayers} layers on the GPU`,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}
