import type { ChatAnswer, SessionInfo } from '#contract/chatting.ts'
import type { FigureUnit, MaybeFigure } from '#core/figure/figure.ts'
import { estimateError } from '#core/measure/estimate-error.ts'
import { measuredDecode } from '../text/chat-text.ts'

const NOT_TOLD = 'the server does not say'

/** `chat --json`. */
export function chatJson({ generation, text, thought }: ChatAnswer, info: SessionInfo) {
  const { engine, kind, name, noPrediction, prediction } = info
  const decode = measuredDecode(generation)
  return {
    name,
    kind,
    text,
    thought,
    stopReason: generation.stopReason,
    tokens: measured(generation.generatedTokens, 'tokens', 'tokens of the answer, thoughts included'),
    promptTokens: measured(generation.promptTokens, 'tokens', 'tokens of the prompt, template included'),
    timeToFirstToken: measured(
      generation.timeToFirstTokenSeconds,
      'seconds',
      'from the question to the first token',
      'there was none',
    ),
    decode,
    prefill: measured(
      generation.prefillTokensPerSecond,
      'tokensPerSecond',
      'tokens of the prompt by the time it took to read them',
      'too few tokens to time, or not told',
    ),
    memory: {
      resident: measured(
        generation.memory?.residentBytes ?? null,
        'bytes',
        'RAM of the process that runs the model',
      ),
      accelerator: measured(
        generation.memory?.acceleratorBytes ?? null,
        'bytes',
        'memory of all accelerators, beyond what was in use before',
        'no accelerator is used, or its memory is not told',
      ),
    },
    usd: measured(
      generation.usd,
      'usd',
      'tokens by the prices of the settings',
      'no prices are in the settings',
    ),
    engine,
    contextTokens: info.contextTokens,
    contextUsedTokens: generation.contextUsedTokens,
    gpuLayers: info.gpuLayers,
    prediction:
      prediction === null
        ? null
        : {
            model: prediction.modelId,
            quantization: prediction.quantizationId,
            matchedBy: prediction.matchedBy,
            decode: prediction.decode,
            prefill: prediction.prefill,
            memory: prediction.memory,
            decodeError: estimateError(prediction.decode, decode),
          },
    noPrediction,
  }
}

function measured(
  value: number | null,
  unit: FigureUnit,
  source: string,
  reason: string = NOT_TOLD,
): MaybeFigure {
  return value === null ? { value, unit, reason } : { value, unit, basis: 'measured', source }
}
