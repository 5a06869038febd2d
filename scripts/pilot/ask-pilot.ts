/**
 * Answers questions with a GGUF file through node-llama-cpp, in a process of its own because llama.cpp ends the process
 * that hands it a wrong file. A `Task` as JSON on stdin, the answers as a JSON array on stdout.
 */
import { text } from 'node:stream/consumers'
import { getLlama, LlamaChatSession, LlamaLogLevel } from 'node-llama-cpp'

export interface Task {
  readonly modelPath: string
  readonly adapters?: readonly { readonly filePath: string; readonly scale: number }[]
  readonly conversations: readonly {
    /** The answer to the last one counts. */
    readonly questions: readonly string[]
    readonly systemPrompt?: string
    readonly asJson?: boolean
  }[]
}

const MAX_TOKENS = 160

const task = JSON.parse(await text(process.stdin)) as Task
const llama = await getLlama({ build: 'never', gpu: false, maxThreads: 1, logLevel: LlamaLogLevel.error })
const model = await llama.loadModel({ modelPath: task.modelPath })
const context = await model.createContext({
  contextSize: 1024,
  threads: 1,
  ...(task.adapters === undefined ? {} : { lora: { adapters: [...task.adapters] } }),
})
const sequence = context.getSequence()
const grammar = await llama.createGrammarForJsonSchema({
  type: 'object',
  properties: { answer: { type: 'string' } },
})
const answers: string[] = []
for (const { questions, systemPrompt = '', asJson = false } of task.conversations) {
  await sequence.clearHistory()
  const session = new LlamaChatSession({
    contextSequence: sequence,
    systemPrompt,
    autoDisposeSequence: false,
  })
  let answer = ''
  for (const question of questions) {
    const options = { temperature: 0, maxTokens: MAX_TOKENS, trimWhitespaceSuffix: false }
    const result = await session.promptWithMeta(question, asJson ? { ...options, grammar } : options)
    answer = result.stopReason === 'maxTokens' ? `${result.responseText} [did not end]` : result.responseText
  }
  answers.push(answer)
  session.dispose()
}
process.stdout.write(JSON.stringify(answers))
await llama.dispose()
