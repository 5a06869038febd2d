import type { BenchResult } from '#backend/llama/engine-job.ts'
import { watchOthers } from '#backend/llama/worker/others-busy.ts'
import type { OpenedModel, Seat } from '#backend/llama/worker/opened-model.ts'
import { timeStep, tokenSource } from '#backend/llama/worker/time-step.ts'
import { measuredSpeed } from '#core/measure/measured-speed.ts'

/** llama-bench's pp512 and tg128 (tools/llama-bench/llama-bench.cpp, `cmd_params_defaults`). */
const PROMPT_TOKENS = 512
const GENERATED_TOKENS = 128
const PROMPT_REPETITIONS = 3
/** A prompt that takes longer than this is not read three times. */
const LONG_PROMPT_SECONDS = 8
/** The first steps fill caches and wake processors; they are run and not counted. */
const WARM_UP_TOKENS = 16
/** Tokens fed are taken from the middle of the vocabulary: words, whatever its size. */
const VARIETY_TOKENS = 256

/** Who looks on. */
export interface BenchWatch {
  readonly say: (what: 'prefill' | 'decode', tokensPerSecond: number) => void
  /** Called off: it throws before the next repetition. */
  readonly stop: AbortSignal
}

/** Times a prompt from an empty cache and decoding after an empty prompt. */
export async function chatBench(
  opened: OpenedModel,
  seat: Seat,
  { say, stop }: BenchWatch,
): Promise<BenchResult> {
  const { sequence } = seat
  const vocabulary = opened.model.fileInfo.metadata.tokenizer.ggml.tokens.length
  const first = Math.floor(vocabulary / 2)
  const tokens = tokenSource({ first, count: Math.min(VARIETY_TOKENS, vocabulary - first) })
  const room = sequence.context.contextSize - 8
  const promptTokens = Math.min(PROMPT_TOKENS, room)
  const generatedTokens = Math.min(GENERATED_TOKENS, room - WARM_UP_TOKENS)
  const others = watchOthers()
  const prefill = async (length: number): Promise<number> => {
    stop.throwIfAborted()
    const step = { kind: 'prefill', promptTokens: length, repetitions: 1, expectedSeconds: 0 } as const
    const [seconds = 0] = await timeStep(step, [sequence], tokens, () => Promise.resolve())
    return seconds
  }
  await prefill(WARM_UP_TOKENS)
  const promptSeconds: number[] = []
  for (let repetition = 0; repetition < PROMPT_REPETITIONS; repetition++) {
    const seconds = await prefill(promptTokens)
    promptSeconds.push(seconds)
    say('prefill', promptTokens / seconds)
    if (seconds > LONG_PROMPT_SECONDS) break
  }
  await sequence.clearHistory()
  const decode = { kind: 'decode', streams: 1, depthTokens: 0, expectedSeconds: 0 } as const
  await timeStep({ ...decode, repetitions: WARM_UP_TOKENS }, [sequence], tokens, () => Promise.resolve())
  await sequence.clearHistory()
  let done = 0
  let total = 0
  const stepSeconds = await timeStep(
    { ...decode, repetitions: generatedTokens },
    [sequence],
    tokens,
    (seconds) => {
      stop.throwIfAborted()
      total += seconds
      done++
      // Rarely: the parent that reads it would slow the steps that are timed.
      if (done % 32 === 0) say('decode', done / total)
      return Promise.resolve()
    },
  )
  return {
    bench: {
      prefill: { ...measuredSpeed(promptSeconds, promptTokens), promptTokens },
      decode: { ...measuredSpeed(stepSeconds, 1), generatedTokens },
    },
    memory: await opened.memory(),
    buffers: opened.buffers(),
    othersBusyProcessors: others(),
  }
}
