/**
 * Asks llama.cpp's allocator about the models named in the arguments: `node allocator-child.ts <folder> <model …>`.
 * One line of JSON for each. A process of its own, because a wrong file ends the process.
 */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { getLlama, GgmlType, GgufInsights, LlamaLogLevel, readGgufFileInfo, type Llama } from 'node-llama-cpp'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { MICRO_BATCH_TOKENS } from '#core/footprint/micro-batch.ts'
import { valueCacheType } from '#core/footprint/kv-type.ts'
import type { Model } from '#core/model/model.ts'
import {
  ALLOCATOR_CASES,
  allocatorContexts,
  allocatorModels,
  allocatorQuantization,
  type AllocatorCase,
  type AllocatorFailure,
  type AllocatorRecord,
} from './allocator-record.ts'

const TOKENIZER_LISTS = ['tokens', 'scores', 'token_type', 'merges'].map((name) => `tokenizer.ggml.${name}`)
const TYPE_IDS = { f16: GgmlType.F16, q8_0: GgmlType.Q8_0, q4_0: GgmlType.Q4_0 }

const [, , folder = '.', ...names] = process.argv
let complaints: string[] = []

/** Where the allocator fails the package answers by a rough formula and only warns: such an answer is none. */
function takeComplaint(): string | undefined {
  const complaint = complaints[0]
  complaints = []
  return complaint
}

async function contextBytes(
  insights: GgufInsights,
  model: Model,
  contextTokens: number,
  { flashAttention, kvType }: AllocatorCase,
): Promise<number | null> {
  const found = await insights.estimateContextResourceRequirementsV2({
    contextSize: contextTokens,
    modelGpuLayers: 0,
    sequences: 1,
    // With a window the package adds a token to the micro-batch, which would widen the cache by a step.
    batchSize: MICRO_BATCH_TOKENS - ((insights.swaSize ?? 0) > 0 ? 1 : 0),
    isEmbeddingContext: model.architecture.tokenTypes !== null,
    flashAttention,
    kvCacheKeyType: TYPE_IDS[kvType],
    kvCacheValueType: TYPE_IDS[valueCacheType(kvType, flashAttention)],
    useMmap: false,
  })
  return takeComplaint() === undefined ? found.cpuRam : null
}

async function ask(llama: Llama, model: Model, file: string): Promise<AllocatorRecord | AllocatorFailure> {
  await writeModelFile({
    model,
    quantization: allocatorQuantization(model),
    path: file,
    fill: 'sparse',
    vocabulary: 'none',
  })
  const details = await readGgufFileInfo(file, { ignoreKeys: TOKENIZER_LISTS, logWarnings: false })
  const insights = await GgufInsights.from(details, llama)
  complaints = []
  const weights = await insights.estimateModelResourceRequirementsV2({ gpuLayers: 0, useMmap: false })
  const complaint = takeComplaint()
  if (complaint !== undefined) return { model: model.id, reason: complaint }
  const byContext: Record<string, (number | null)[]> = {}
  for (const contextTokens of allocatorContexts(model)) {
    const answers: (number | null)[] = []
    for (const each of ALLOCATOR_CASES) answers.push(await contextBytes(insights, model, contextTokens, each))
    byContext[contextTokens] = answers
  }
  return { model: model.id, weightsBytes: weights.cpuRam, contextBytes: byContext }
}

const llama = await getLlama({
  gpu: false,
  build: 'never',
  maxThreads: 1,
  logLevel: LlamaLogLevel.warn,
  logger: (_level, message) => {
    if (/simulating/i.test(message)) complaints.push(message.trim())
  },
})
for (const name of names) {
  const model = allocatorModels.find((each) => each.id === name)
  if (!model) throw new Error(`no model ${name}`)
  const file = path.join(folder, `${process.pid}.gguf`)
  try {
    process.stdout.write(`${JSON.stringify(await ask(llama, model, file))}\n`)
  } finally {
    await rm(file, { force: true })
  }
}
// The package keeps its models until the process ends.
process.exit(0)
