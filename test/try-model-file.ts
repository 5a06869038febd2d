import { getLlama, GgufInsights, LlamaLogLevel, readGgufFileInfo, type Llama } from 'node-llama-cpp'

/**
 * Run in a process of its own, because a file that llama.cpp does not like may abort it:
 * `node try-model-file.ts simulate|decode|embed <file>…`. Prints a line of JSON for each file: `{ ok, … }`.
 */
const [mode = 'simulate', ...files] = process.argv.slice(2)
const log: string[] = []

const llama = await getLlama({
  gpu: false,
  build: 'never',
  maxThreads: 1,
  logLevel: LlamaLogLevel.warn,
  logger: (_, message) => log.push(message.trim()),
})

const context = { contextSize: 4096, batchSize: 512, sequences: 1, flashAttention: true } as const

async function simulate(engine: Llama, file: string): Promise<object> {
  const insights = await GgufInsights.from(await readGgufFileInfo(file, { logWarnings: false }), engine)
  const model = await insights.estimateModelResourceRequirementsV2({ gpuLayers: 0, useMmap: true })
  const cache = await insights.estimateContextResourceRequirementsV2({ ...context, modelGpuLayers: 0 })
  // A failed simulation is only logged: node-llama-cpp then answers with its older formula.
  if (log.some((line) => line.includes('Failed simulating'))) return { ok: false, failure: log.join('\n') }
  return { ok: true, modelBytes: model.cpuRam, contextBytes: cache.cpuRam }
}

const small = { contextSize: 256, threads: 1, batchSize: 64, ignoreMemorySafetyChecks: true } as const

async function decode(engine: Llama, file: string): Promise<object> {
  const model = await engine.loadModel({ modelPath: file, gpuLayers: 0, ignoreMemorySafetyChecks: true })
  const sequence = (await model.createContext(small)).getSequence()
  const tokens: number[] = []
  for await (const token of sequence.evaluate(model.tokenize('some words'), { temperature: 0 })) {
    tokens.push(token)
    if (tokens.length === 3) break
  }
  return { ok: tokens.length === 3, tokens }
}

async function embed(engine: Llama, file: string): Promise<object> {
  const model = await engine.loadModel({ modelPath: file, gpuLayers: 0, ignoreMemorySafetyChecks: true })
  const embedding = await model.createEmbeddingContext(small)
  const { vector } = await embedding.getEmbeddingFor('some words to embed')
  return { ok: vector.length > 0, finite: vector.every(Number.isFinite) }
}

const trial = mode === 'decode' ? decode : mode === 'embed' ? embed : simulate
for (const file of files) {
  log.length = 0
  try {
    console.log(JSON.stringify(await trial(llama, file)))
  } catch (error) {
    console.log(JSON.stringify({ ok: false, failure: `${String(error)}\n${log.join('\n')}` }))
  }
}
process.exit(0)
