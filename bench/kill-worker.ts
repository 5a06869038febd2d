/**
 * The engine's process killed in the middle of an answer, fifty times in a row: each loss must be told, the next prompt
 * must be answered, and neither a process nor memory may be left behind. On Linux, which tells processes and memory.
 */
import path from 'node:path'
import { createChatting } from '#backend/llama/chatting.ts'
import type { OpenModel } from '#backend/chat/open-model.ts'
import { childProcesses, residentBytesOf } from '#backend/llama/testing/child-processes.ts'
import { appFolders } from '#backend/store/app-folders.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { DEFAULT_CHAT_SETTINGS } from '#core/chat/chat-settings.ts'
import { formatMemory } from '#core/figure/format-figure.ts'

const KILLS = 50

/** Prints what was told, what was answered, and what was left. */
export async function runKillWorkerBench(): Promise<void> {
  if (process.platform !== 'linux') return console.log('skipped: only Linux tells which processes are ours')
  const { dataFolder, root } = appFolders()
  const chatting = createChatting({ root })
  const model = await open(chatting, path.join(dataFolder, 'pilot', 'pilot.gguf'))
  let told = 0
  let answered = 0
  const host: number[] = []
  const engine: number[] = []
  for (let round = 0; round < KILLS; round++) {
    const [pid] = childProcesses()
    const error = await ask(model, () => process.kill(pid!, 'SIGKILL')).catch((failure: unknown) => failure)
    if (error instanceof InhouseError && error.nextStep !== '') told++
    if ((await ask(model, () => undefined)) !== '') answered++
    host.push(process.memoryUsage.rss())
    engine.push(Math.max(...childProcesses().map(residentBytesOf)))
  }
  model.close()
  chatting.close()
  await new Promise((resolve) => setTimeout(resolve, 500))
  console.log(`${KILLS} kills: ${told} told, ${answered} next prompts answered`)
  console.log(`processes left: ${childProcesses().length}`)
  console.log(`memory of the host after each: ${range(host)}`)
  console.log(`memory of the engine after each: ${range(engine)}`)
}

async function open(chatting: ReturnType<typeof createChatting>, file: string): Promise<OpenModel> {
  const opening = chatting.open({
    path: file,
    name: 'the pilot',
    kind: 'pilot',
    load: { backend: 'cpu', gpuLayers: 0, threads: 1 },
    contextTokens: 2048,
    adapters: [],
    sampling: { temperature: 0 },
    prediction: null,
    noPrediction: '',
  })
  let step = await opening.next()
  while (step.done !== true) step = await opening.next()
  return step.value
}

/** A list so long that the answer has a middle to be killed in: the pilot says a sentence within some milliseconds. */
const LONG_LIST = JSON.stringify({ type: 'array', items: { type: 'boolean' }, minItems: 120, maxItems: 120 })

async function ask(model: OpenModel, onText: () => void): Promise<string> {
  const stream = model.chat({
    messages: [{ role: 'user', text: 'What is LoRA?' }],
    settings: { ...DEFAULT_CHAT_SETTINGS, jsonSchema: LONG_LIST },
  })
  for (;;) {
    const step = await stream.next()
    if (step.done === true) return step.value.text
    if (step.value.kind === 'text') onText()
  }
}

function range(bytes: readonly number[]): string {
  const tenth = bytes.slice(0, 10)
  const last = bytes.slice(-10)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return `${formatMemory(mean(tenth))} on average of the first ten, ${formatMemory(mean(last))} of the last ten`
}
