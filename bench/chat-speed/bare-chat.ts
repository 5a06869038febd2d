/**
 * node-llama-cpp as its own guide uses it, in a process of its own: `node bare-chat.ts FILE THREADS CONTEXT TOKENS`. Each
 * line on stdin is a prompt; each is answered by a line of JSON with its times.
 */
import { createInterface } from 'node:readline'
import { getLlama, LlamaChat } from 'node-llama-cpp'

const [modelPath = '', threads = '1', contextSize = '1024', maxTokens = '64'] = process.argv.slice(2)
const llama = await getLlama({ gpu: false, build: 'never', maxThreads: Number(threads), progressLogs: false })
// The same settings as the app's: mapped, not read.
const model = await llama.loadModel({ modelPath, gpuLayers: 0, useMmap: true })
const context = await model.createContext({
  contextSize: Number(contextSize),
  threads: Number(threads),
  batchSize: 512,
  flashAttention: true,
})
const sequence = context.getSequence()
const chat = new LlamaChat({ contextSequence: sequence })
console.log('ready')

for await (const prompt of createInterface({ input: process.stdin })) {
  const startedAt = performance.now()
  let firstAt = 0
  let lastAt = 0
  let tokens = 0
  let text = ''
  await chat.generateResponse([{ type: 'user', text: prompt }], {
    maxTokens: Number(maxTokens),
    temperature: 0,
    repeatPenalty: false,
    onTextChunk: (chunk) => (text += chunk),
    onToken: (chunk) => {
      lastAt = performance.now()
      if (firstAt === 0) firstAt = lastAt
      tokens += chunk.length
    },
  })
  console.log(
    JSON.stringify({
      firstSeconds: (firstAt - startedAt) / 1000,
      tokensPerSecond: ((tokens - 1) * 1000) / (lastAt - firstAt),
      tokens,
      characters: text.length,
    }),
  )
}
