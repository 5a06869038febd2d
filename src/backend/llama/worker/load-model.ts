import { setTimeout as sleep } from 'node:timers/promises'
import type { Llama, LlamaContext, LlamaModel } from 'node-llama-cpp'
import type { ContextOptions, LoadOptions } from '#backend/llama/engine-job.ts'
import { EngineJobError } from '#backend/llama/worker/engine-job-error.ts'
import type { EngineLog } from '#backend/llama/worker/engine-log.ts'
import type { Adapter } from '#contract/chatting.ts'
import { valueCacheType } from '#core/footprint/kv-type.ts'
import { MICRO_BATCH_TOKENS } from '#core/footprint/micro-batch.ts'

/**
 * What llama.cpp logs on another thread arrives after the call has answered, and the package drops what arrives while it
 * works something out before the next call; sizes of buffers are read from it.
 */
const LOG_DELAY_MS = 20

/** A file to load. */
export interface LoadModelOptions {
  readonly path: string
  /** With `fitTokens`: as many as fit beside a context of so many tokens. */
  readonly gpuLayers: LoadOptions['gpuLayers'] | { readonly fitTokens: number }
  readonly log: EngineLog
  readonly onProgress: (fraction: number) => void
}

/** What all accelerators together have in use, by whomever; null without accelerators. */
export async function acceleratorUsedBytes(llama: Llama): Promise<number | null> {
  return llama.gpu === false ? null : (await llama.getVramState()).used
}

/** Loads a file. Throws `model-rejected` or `out-of-memory`, with what llama.cpp said. */
export async function loadModel(
  llama: Llama,
  { gpuLayers, log, onProgress, path }: LoadModelOptions,
): Promise<LlamaModel> {
  try {
    const model = await llama.loadModel({
      modelPath: path,
      gpuLayers:
        typeof gpuLayers === 'number' ? gpuLayers : { fitContext: { contextSize: gpuLayers.fitTokens } },
      useMmap: true,
      // What fits was decided before, from what is free; its own check knows nothing of a forced run.
      ignoreMemorySafetyChecks: true,
      onLoadProgress: onProgress,
    })
    await sleep(LOG_DELAY_MS)
    return model
  } catch (error) {
    throw refusal(error, log, 'llama.cpp does not load this file.')
  }
}

/** A context to make. */
export interface CreateContextOptions extends ContextOptions {
  readonly threads: number
  readonly adapters?: readonly Adapter[]
  readonly log: EngineLog
}

/** Makes a context. Throws `model-rejected` or `out-of-memory`, with what llama.cpp said. */
export async function createContext(model: LlamaModel, wanted: CreateContextOptions): Promise<LlamaContext> {
  const names = { f16: 'F16', q8_0: 'Q8_0', q4_0: 'Q4_0' } as const
  const { adapters = [], log, threads } = wanted
  try {
    const context = await model.createContext({
      contextSize: wanted.contextTokens,
      sequences: wanted.sequences,
      batchSize: MICRO_BATCH_TOKENS,
      threads,
      flashAttention: wanted.flashAttention,
      ignoreMemorySafetyChecks: true,
      ...(adapters.length === 0
        ? {}
        : { lora: { adapters: adapters.map(({ path, scale }) => ({ filePath: path, scale })) } }),
      ...(wanted.kvType === 'f16'
        ? {}
        : {
            experimentalKvCacheKeyType: names[wanted.kvType],
            experimentalKvCacheValueType: names[valueCacheType(wanted.kvType, wanted.flashAttention)],
          }),
    })
    await sleep(LOG_DELAY_MS)
    return context
  } catch (error) {
    if (/lora/i.test(String(error))) {
      throw new EngineJobError(
        'refused',
        'llama.cpp does not apply this LoRA adapter to this model.',
        [String(error), ...log.lines()].join('\n'),
        'Choose an adapter that was trained for this very model.',
      )
    }
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
