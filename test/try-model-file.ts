import { getLlama, GgufInsights, LlamaLogLevel, readGgufFileInfo, type Llama } from 'node-llama-cpp'

/**
 * Run in a process of its own, because a file that llama.cpp does not like may abort it:
 * `node try-model-file.ts simulate|run <file>`. Prints one line of JSON: `{ ok, … , log }`.
 */
const [mode = 'simulate', file = ''] = process.argv.slice(2)
const log: string[] = []

const llama = await getLlama({
  gpu: false,
  build: 'never',
  maxThreads: 1,
  logLevel: LlamaLogLevel.debug,
  logger: (level, message) => {
    if (level !== LlamaLogLevel.debug || /unused|error|KV buffer|RS buffer|size =/i.test(message))
      log.push(`${level}: ${message.trim()}`)
  },
})

const context = { contextSize: 4096, batchSize: 512, sequences: 1, flashAttention: true } as const

async function simulate(engine: Llama): Promise<object> {
  const insights = await GgufInsights.from(await readGgufFileInfo(file, { logWarnings: false }), engine)
  const model = await insights.estimateModelResourceRequirementsV2({ gpuLayers: 0, useMmap: true })
  const cache = await insights.estimateContextResourceRequirementsV2({ ...context, modelGpuLayers: 0 })
  // A failed simulation is only logged: node-llama-cpp then answers with its older formula.
  const failure = log.find((line) => /failed simulating|fall/i.test(line))
  return failure === undefined
    ? { ok: true, modelBytes: model.cpuRam, contextBytes: cache.cpuRam }
    : { ok: false, failure }
}

async function run(engine: Llama): Promise<object> {
  const model = await engine.loadModel({ modelPath: file, gpuLayers: 0, ignoreMemorySafetyChecks: true })
  const isEncoder = process.argv[4] === 'encoder'
  const options = { contextSize: 256, threads: 1, batchSize: 64, ignoreMemorySafetyChecks: true }
  if (isEncoder) {
    const embedding = await model.createEmbeddingContext(options)
    const { vector } = await embedding.getEmbeddingFor('some words to embed')
    return { ok: vector.length > 0, vector: vector.length, finite: vector.every(Number.isFinite) }
  }
  const sequence = (await model.createContext(options)).getSequence()
  const tokens: number[] = []
  for await (const token of sequence.evaluate(model.tokenize('some words'), { temperature: 0 })) {
    tokens.push(token)
    if (tokens.length === 3) break
  }
  return { ok: tokens.length === 3, tokens }
}

let answer: object
try {
  answer = mode === 'run' ? await run(llama) : await simulate(llama)
} catch (error) {
  answer = { ok: false, failure: error instanceof Error ? error.message : String(error) }
}
console.log(JSON.stringify({ ...answer, log }))
process.exit(0)
