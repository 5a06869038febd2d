import type { GgmlType } from 'node-llama-cpp'
import type { SimulateJob, SimulateResult } from '#backend/llama/engine-job.ts'
import { EngineJobError } from '#backend/llama/worker/engine-job-error.ts'
import type { EngineLog } from '#backend/llama/worker/engine-log.ts'
import { importEngine, loadEngine } from '#backend/llama/worker/load-engine.ts'
import { MICRO_BATCH_TOKENS } from '#core/footprint/micro-batch.ts'
import { valueCacheType } from '#core/footprint/kv-type.ts'
import type { KvType } from '#core/quant/quantization.ts'

/** The long lists of a tokenizer: nothing of them decides about memory, and reading them takes most of the time. */
const TOKENIZER_LISTS = [
  'tokenizer.ggml.tokens',
  'tokenizer.ggml.scores',
  'tokenizer.ggml.token_type',
  'tokenizer.ggml.merges',
]

/** Bytes that llama.cpp's allocator asks for, without allocating them. */
export async function simulate(job: SimulateJob, log: EngineLog): Promise<SimulateResult> {
  const { load, context } = job
  const engine = await importEngine()
  const { GgufInsights, readGgufFileInfo } = engine
  // The backend and the file have nothing to do with each other, and each takes its time.
  const [llama, file] = await Promise.all([
    loadEngine(load.backend, load.threads, log),
    readGgufFileInfo(load.path, { ignoreKeys: TOKENIZER_LISTS, logWarnings: false }),
  ])
  const insights = await GgufInsights.from(file, llama)
  log.clear()
  const model = await insights.estimateModelResourceRequirementsV2({
    gpuLayers: load.gpuLayers,
    useMmap: true,
  })
  refuseFallback(log)
  const ofContext = await insights.estimateContextResourceRequirementsV2({
    contextSize: context.contextTokens,
    modelGpuLayers: load.gpuLayers,
    sequences: context.sequences,
    // For models with a window the package adds one to what it is told.
    batchSize: MICRO_BATCH_TOKENS - ((insights.swaSize ?? 0) > 0 ? 1 : 0),
    flashAttention: context.flashAttention,
    kvCacheKeyType: ggmlTypeId(context.kvType, engine.GgmlType),
    kvCacheValueType: ggmlTypeId(valueCacheType(context.kvType, context.flashAttention), engine.GgmlType),
    useMmap: true,
  })
  refuseFallback(log)
  return {
    host: { weightsBytes: model.cpuRam, contextBytes: ofContext.cpuRam },
    device: { weightsBytes: model.gpuVram, contextBytes: ofContext.gpuVram },
    release: llama.llamaCppRelease.release,
  }
}

function ggmlTypeId(kvType: KvType, types: typeof GgmlType): GgmlType {
  return { f16: types.F16, q8_0: types.Q8_0, q4_0: types.Q4_0 }[kvType]
}

/**
 * Where the allocator fails, the package answers by an older formula that is a third too high, and tells so only in its
 * log: an answer after a complaint is no answer.
 */
function refuseFallback(log: EngineLog): void {
  const complaints = log.complaints()
  if (complaints.length === 0) return
  throw new EngineJobError(
    'model-rejected',
    'llama.cpp could not lay this model out.',
    [...complaints, ...log.lines()].join('\n'),
  )
}
