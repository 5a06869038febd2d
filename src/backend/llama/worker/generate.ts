import type { ChatHistoryItem, LlamaContextSequence, LlamaGrammar, Token } from 'node-llama-cpp'
import type { ChatJob, ChatResult, EngineUpdate } from '#backend/llama/engine-job.ts'
import { promptTokens } from '#backend/llama/worker/chat-format.ts'
import { answerNews } from '#backend/llama/worker/answer-news.ts'
import { EngineJobError } from '#backend/llama/worker/engine-job-error.ts'
import { inSeat, type OpenedModel, type Seat } from '#backend/llama/worker/opened-model.ts'
import type { StopReason } from '#core/chat/generation.ts'
import { MICRO_BATCH_TOKENS } from '#core/footprint/micro-batch.ts'

/** Tokens that have to be evaluated before the time they took says anything about prefill. */
const LEAST_TIMED_TOKENS = 32
/** llama.cpp is never filled to the last cell: the package would then drop the first turns by itself. */
const SPARED_TOKENS = 2
/** How often the position in a long prompt is looked up. */
const PREFILL_NEWS_MS = 200

type Report = (update: EngineUpdate) => void

/** Answers the last message of a conversation; `stop` ends it with what there is. */
export async function generate(
  opened: OpenedModel,
  job: ChatJob,
  { report, stop }: { readonly report: Report; readonly stop: AbortSignal },
): Promise<ChatResult> {
  const seat = await opened.seatOf(job.window)
  const grammar = await grammarOf(opened, job.settings.jsonSchema)
  const said = await inSeat(seat, { stop, onWait: (ahead) => report({ kind: 'waiting', ahead }) }, () =>
    answer({ opened, seat, job, grammar, report, stop }),
  )
  return said ?? unanswered(opened)
}

/** Stopped before its turn came. */
async function unanswered(opened: OpenedModel): Promise<ChatResult> {
  return {
    text: '',
    thought: null,
    generation: {
      stopReason: 'stopped',
      promptTokens: null,
      reusedTokens: null,
      generatedTokens: 0,
      timeToFirstTokenSeconds: null,
      prefillTokensPerSecond: null,
      decodeTokensPerSecond: null,
      contextUsedTokens: null,
      memory: await opened.memory(),
    },
  }
}

interface Turn {
  readonly opened: OpenedModel
  readonly seat: Seat
  readonly job: ChatJob
  readonly grammar: LlamaGrammar | null
  readonly report: Report
  readonly stop: AbortSignal
}

async function answer({ opened, seat, job, grammar, report, stop }: Turn): Promise<ChatResult> {
  const { chat, sequence } = seat
  const startedAt = performance.now()
  const history = historyOf(job)
  const prompt = promptTokens(opened.wrapper, opened.model, history)
  const room = sequence.context.contextSize - prompt.length - SPARED_TOKENS
  if (room < 1) throw promptTooLong(prompt.length, sequence.context.contextSize)
  const { maxTokens } = job.settings
  const before = sequence.tokenMeter.getState()
  const news = answerNews(report, startedAt)
  const watch = watchPrefill(seat, prompt.length, report)
  const { sampling } = job.settings
  let reason: StopReason = 'stopped'
  try {
    await readLongPrompt(sequence, prompt, stop)
    const { metadata } = await chat.generateResponse(history, {
      onResponseChunk: (chunk) => {
        watch.stop()
        news.say(chunk)
      },
      signal: stop,
      stopOnAbortSignal: true,
      maxTokens: Math.min(maxTokens ?? room, room),
      temperature: sampling.temperature,
      topP: sampling.topP,
      topK: sampling.topK,
      minP: sampling.minP,
      ...(sampling.seed === null ? {} : { seed: sampling.seed }),
      repeatPenalty: sampling.repeatPenalty === 1 ? false : { penalty: sampling.repeatPenalty },
      // A reasoning model thinks as long as it needs; the room it has is bounded by the context.
      budgets: { thoughtTokens: Infinity },
      ...(grammar === null ? {} : { grammar }),
    })
    reason = reasonOf(metadata.stopReason, maxTokens !== null && maxTokens <= room)
  } catch (error) {
    // Before the first token the package throws what the signal says instead of stopping.
    if (!stop.aborted) throw error
  } finally {
    watch.stop()
  }
  const spoken = news.end()
  const used = sequence.tokenMeter.diff(before)
  // The meter counts the last token of a prompt, after which the first word is chosen, as output.
  const evaluatedTokens = used.usedInputTokens + (used.usedOutputTokens > 0 ? 1 : 0)
  const firstSeconds = spoken.firstSeconds
  return {
    text: spoken.text,
    thought: spoken.thought === '' ? null : spoken.thought,
    generation: {
      stopReason: reason,
      promptTokens: prompt.length,
      reusedTokens: Math.max(0, prompt.length - evaluatedTokens),
      generatedTokens: used.usedOutputTokens,
      timeToFirstTokenSeconds: firstSeconds,
      prefillTokensPerSecond:
        firstSeconds === null || evaluatedTokens < LEAST_TIMED_TOKENS ? null : evaluatedTokens / firstSeconds,
      decodeTokensPerSecond: spoken.decodeTokensPerSecond,
      contextUsedTokens: sequence.nextTokenIndex,
      memory: await opened.memory(),
    },
  }
}

function historyOf({ messages, settings }: ChatJob): ChatHistoryItem[] {
  const said = messages.map(({ role, text }): ChatHistoryItem => {
    return role === 'user' ? { type: 'user', text } : { type: 'model', response: [text] }
  })
  return settings.system.trim() === '' ? said : [{ type: 'system', text: settings.system }, ...said]
}

/**
 * Reads all of a prompt but its last batch, batch by batch: the package reads a prompt in one go, and nobody could stop
 * it for minutes. What is read is found in the cache by the answer.
 */
async function readLongPrompt(
  sequence: LlamaContextSequence,
  prompt: readonly Token[],
  stop: AbortSignal,
): Promise<void> {
  if (prompt.length <= MICRO_BATCH_TOKENS) return
  await sequence.adaptStateToTokens([...prompt], false)
  for (;;) {
    const done = sequence.nextTokenIndex
    if (stop.aborted || prompt.length - done <= MICRO_BATCH_TOKENS) return
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(done, done + MICRO_BATCH_TOKENS))
  }
}

async function grammarOf({ llama }: OpenedModel, schema: string | null): Promise<LlamaGrammar | null> {
  if (schema === null) return null
  try {
    return await llama.createGrammarForJsonSchema(JSON.parse(schema))
  } catch (error) {
    throw new EngineJobError(
      'refused',
      'No answer can be held to this JSON schema.',
      String(error),
      'Correct the schema: type, properties, items, enum and the like are understood.',
    )
  }
}

function promptTooLong(promptLength: number, contextTokens: number): EngineJobError {
  return new EngineJobError(
    'refused',
    `The conversation has ${promptLength} tokens; the context holds ${contextTokens}, and the answer needs some too.`,
    '',
    'Load the model with a larger context, or start a new conversation.',
  )
}

function reasonOf(stopReason: string, wasAsked: boolean): StopReason {
  if (stopReason === 'abort') return 'stopped'
  if (stopReason === 'maxTokens') return wasAsked ? 'max-tokens' : 'context-full'
  return 'end-of-turn'
}

/** Tells where in the prompt the evaluation is, whenever that has changed. */
function watchPrefill(
  { sequence }: Seat,
  totalTokens: number,
  report: Report,
): { readonly stop: () => void } {
  let told = 0
  const timer = setInterval(() => {
    const doneTokens = Math.min(sequence.nextTokenIndex, totalTokens)
    if (doneTokens !== told) report({ kind: 'prefill', doneTokens, totalTokens })
    told = doneTokens
  }, PREFILL_NEWS_MS)
  return { stop: () => clearInterval(timer) }
}
