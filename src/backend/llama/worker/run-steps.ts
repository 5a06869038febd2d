import { setTimeout as sleep } from 'node:timers/promises'
import type { Llama, LlamaContext, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp'
import type { EngineUpdate, LoadOptions, RunContext, RunJob, RunResult } from '#backend/llama/engine-job.ts'
import { EngineJobError } from '#backend/llama/worker/engine-job-error.ts'
import { buffersOf, type EngineLog } from '#backend/llama/worker/engine-log.ts'
import { loadEngine } from '#backend/llama/worker/load-engine.ts'
import { watchOthers } from '#backend/llama/worker/others-busy.ts'
import { peakMemory, processMemory } from '#backend/llama/worker/process-memory.ts'
import { MICRO_BATCH_TOKENS } from '#core/footprint/micro-batch.ts'
import type { DryRunStep } from '#core/measure/dry-run-plan.ts'
import { valueCacheType } from '#core/footprint/kv-type.ts'

type Report = (update: EngineUpdate) => void

/** Loads a model for real and times every repetition of every step. */
export async function runSteps(job: RunJob, log: EngineLog, report: Report): Promise<RunResult> {
  const llama = await loadEngine(job.load.backend, job.load.threads, log)
  const before = processMemory()
  const usedBefore = await acceleratorUsedBytes(llama)
  log.clear()
  const startedAt = performance.now()
  const model = await loadModel(llama, job.load, log, report)
  const loadSeconds = (performance.now() - startedAt) / 1000
  report({ kind: 'loaded' })
  let peak = peakMemory(before, processMemory())
  let usedPeak = 0
  const seconds: (readonly (readonly number[])[])[] = []
  const othersBusy = watchOthers()
  // The first context is the plan's own: what it allocates is what the plan takes.
  let buffers = buffersOf(log.lines())
  for (const [index, wanted] of job.contexts.entries()) {
    const context = await createContext(model, wanted, job.load.threads, log)
    if (index === 0) buffers = buffersOf(log.lines())
    const tokens = tokenSource(job.tokens)
    const sequences = Array.from({ length: wanted.sequences }, () => context.getSequence())
    const ofContext: (readonly number[])[] = []
    const news = heldBack(report)
    for (const [step, what] of wanted.steps.entries()) {
      report({ kind: 'step', context: index, step, expectedSeconds: what.expectedSeconds })
      const watch = async (took: number) => {
        const now = processMemory()
        peak = peakMemory(peak, now)
        const { residentBytes } = now
        await news.say({ kind: 'repetition', context: index, step, seconds: took, residentBytes })
      }
      ofContext.push(await timeStep(what, sequences, tokens, watch))
      await news.flush()
      usedPeak = Math.max(usedPeak, (await acceleratorUsedBytes(llama)) ?? 0)
    }
    seconds.push(ofContext)
    await context.dispose()
  }
  const othersBusyProcessors = othersBusy()
  await model.dispose()
  return {
    loadSeconds,
    buffers,
    before,
    peak,
    acceleratorBytes: usedBefore === null ? null : Math.max(0, usedPeak - usedBefore),
    seconds,
    othersBusyProcessors,
    release: llama.llamaCppRelease.release,
  }
}

/** How often news of repetitions go out; a chart needs no more. */
const NEWS_INTERVAL_MS = 300
/** Time the parent gets to read them before the next repetition starts. */
const NEWS_PAUSE_MS = 15

/**
 * Reports what is said in bundles, with a pause after each: a parent that reads while a step is timed takes one of the
 * processors from llama.cpp, whose threads then wait for each other, and small models came out two times too slow.
 */
function heldBack(report: Report) {
  let held: EngineUpdate[] = []
  let sentAt = performance.now()
  const flush = async () => {
    if (held.length === 0) return
    held.forEach(report)
    held = []
    await sleep(NEWS_PAUSE_MS)
    sentAt = performance.now()
  }
  return {
    flush,
    say: async (update: EngineUpdate) => {
      held.push(update)
      if (performance.now() - sentAt > NEWS_INTERVAL_MS) await flush()
    },
  }
}

async function acceleratorUsedBytes(llama: Llama): Promise<number | null> {
  return llama.gpu === false ? null : (await llama.getVramState()).used
}

async function loadModel(
  llama: Llama,
  load: LoadOptions,
  log: EngineLog,
  report: Report,
): Promise<LlamaModel> {
  try {
    return await llama.loadModel({
      modelPath: load.path,
      gpuLayers: load.gpuLayers,
      useMmap: true,
      // What fits was decided before, from what is free; its own check knows nothing of a forced run.
      ignoreMemorySafetyChecks: true,
      onLoadProgress: (fraction) => report({ kind: 'loading', fraction }),
    })
  } catch (error) {
    throw refusal(error, log, 'llama.cpp does not load this file.')
  }
}

async function createContext(
  model: LlamaModel,
  wanted: RunContext,
  threads: number,
  log: EngineLog,
): Promise<LlamaContext> {
  const names = { f16: 'F16', q8_0: 'Q8_0', q4_0: 'Q4_0' } as const
  try {
    return await model.createContext({
      contextSize: wanted.contextTokens,
      sequences: wanted.sequences,
      batchSize: MICRO_BATCH_TOKENS,
      threads,
      flashAttention: wanted.flashAttention,
      ignoreMemorySafetyChecks: true,
      ...(wanted.kvType === 'f16'
        ? {}
        : {
            experimentalKvCacheKeyType: names[wanted.kvType],
            experimentalKvCacheValueType: names[valueCacheType(wanted.kvType, wanted.flashAttention)],
          }),
    })
  } catch (error) {
    throw refusal(error, log, 'llama.cpp cannot make a context for this model.')
  }
}

/** Says why: memory that cannot be had is another matter than a file it does not understand. */
function refusal(error: unknown, log: EngineLog, message: string): EngineJobError {
  const text = [String(error), ...log.lines()].join('\n')
  const isMemory =
    /failed to allocate|unable to allocate|out of memory|InsufficientMemory|alloc_buffer|bad_alloc/i
  return isMemory.test(text)
    ? new EngineJobError('out-of-memory', 'llama.cpp could not get the memory it needs.', text)
    : new EngineJobError('model-rejected', message, text)
}

/**
 * Tokens that differ from step to step: a mixture then chooses other experts for each, as real text makes it do, and
 * reads them from memory instead of finding them in the cache.
 */
function tokenSource({ first, count }: RunJob['tokens']): (length: number) => Token[] {
  let drawn = 0
  return (length) => Array.from({ length }, () => (first + ((drawn++ * 61) % count)) as Token)
}

async function timeStep(
  step: DryRunStep,
  sequences: readonly LlamaContextSequence[],
  tokens: (length: number) => Token[],
  onRepetition: (seconds: number) => Promise<void>,
): Promise<readonly number[]> {
  const used = sequences.slice(0, step.kind === 'decode' ? step.streams : 1)
  const taken: number[] = []
  for (let repetition = 0; repetition < step.repetitions; repetition++) {
    await prepare(step, used, tokens)
    const startedAt = performance.now()
    await (step.kind === 'prefill'
      ? used[0]!.controlledEvaluate(promptOf(tokens(step.promptTokens)))
      : Promise.all(used.map((sequence) => sequence.controlledEvaluate(promptOf(tokens(1))))))
    const seconds = (performance.now() - startedAt) / 1000
    taken.push(seconds)
    await onRepetition(seconds)
  }
  return taken
}

/** The last token asks for logits and is sampled, as when text is written: a step without its head flatters small models. */
function promptOf(tokens: readonly Token[]) {
  return tokens.map((token, index) =>
    index === tokens.length - 1
      ? ([token, { generateNext: { token: true, options: { temperature: 0 } } }] as [
          Token,
          { generateNext: { token: true; options: { temperature: number } } },
        ])
      : token,
  )
}

/** An empty cache before each prompt; before decoding, one filled to the depth. */
async function prepare(
  step: DryRunStep,
  sequences: readonly LlamaContextSequence[],
  tokens: (length: number) => Token[],
): Promise<void> {
  for (const sequence of sequences) {
    if (step.kind === 'prefill' || sequence.nextTokenIndex > step.depthTokens + step.repetitions)
      await sequence.clearHistory()
    if (step.kind === 'decode' && sequence.nextTokenIndex < step.depthTokens)
      await sequence.evaluateWithoutGeneratingNewTokens(tokens(step.depthTokens - sequence.nextTokenIndex))
  }
}
