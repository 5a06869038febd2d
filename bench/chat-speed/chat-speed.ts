/**
 * A chat through the app against node-llama-cpp alone: the same file, the same prompts and settings, in turns within one
 * run. The first token is timed where it arrives: in the process that asked.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { loadCatalogue } from '#backend/catalog/catalog.ts'
import type { OpenModel } from '#backend/chat/open-model.ts'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { createChatting } from '#backend/llama/chatting.ts'
import { scanMachine } from '#backend/probe/probe.ts'
import { appFolders } from '#backend/store/app-folders.ts'
import { DEFAULT_CHAT_SETTINGS, DEFAULT_SAMPLING } from '#core/chat/chat-settings.ts'
import { inferenceThreads } from '#core/speed/host-speed.ts'
import { median } from '../median.ts'

const MODEL = 'Qwen/Qwen3-0.6B'
const QUANTIZATION = 'Q8_0'
const CONTEXT_TOKENS = 1024
const ANSWER_TOKENS = 48
const ROUNDS = 40

interface Run {
  readonly firstSeconds: number
  /** From the first token to the last, by the clock of the process that makes them. */
  readonly tokensPerSecond: number
  /** The same where the words arrive, the end of the answer included; null of the bare side, where nothing travels. */
  readonly arrivingPerSecond: number | null
}

/** Prints both sides, and the ratio of decode speeds and the difference of times to the first token, in pairs. */
export async function runChatSpeedBench(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'inhouse-bench-chat-'))
  try {
    const file = path.join(folder, 'model.gguf')
    const threads = await writeModel(file)
    const app = await openInApp(file, threads)
    const bare = await startBare(file, threads)
    try {
      await compare(app, bare)
    } finally {
      app.close()
      bare.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(app: Side, bare: Side): Promise<void> {
  // A first answer of each is not counted: it fills caches.
  await app.ask('warm up')
  await bare.ask('warm up')
  const pairs: { readonly app: Run; readonly bare: Run }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const prompt = `Round ${round}: tell me something about the weather in the mountains.`
    // Whoever comes second finds another machine: each goes first as often.
    const appFirst = round % 2 === 0
    const first = await (appFirst ? app : bare).ask(prompt)
    const second = await (appFirst ? bare : app).ask(prompt)
    const pair = appFirst ? { app: first, bare: second } : { app: second, bare: first }
    pairs.push(pair)
    console.log(`app ${describe(pair.app)} · bare ${describe(pair.bare)}`)
  }
  const ratio = median(pairs.map((pair) => pair.app.tokensPerSecond / pair.bare.tokensPerSecond))
  const arriving = median(pairs.map((pair) => pair.app.arrivingPerSecond! / pair.bare.tokensPerSecond))
  const later = median(pairs.map((pair) => pair.app.firstSeconds - pair.bare.firstSeconds))
  console.log(`decode of the app: ${(ratio * 100).toFixed(1)} % of bare (median of pairs; at least 97 %)`)
  console.log(`as it arrives, to the end of the answer: ${(arriving * 100).toFixed(1)} %`)
  console.log(`first token: ${(later * 1000).toFixed(0)} ms later (median of pairs; at most 30 ms)`)
}

function describe({ firstSeconds, tokensPerSecond }: Run): string {
  return `${tokensPerSecond.toFixed(2)} tok/s, first after ${(firstSeconds * 1000).toFixed(0)} ms`
}

interface Side {
  ask(prompt: string): Promise<Run>
  close(): void
}

async function writeModel(file: string): Promise<number> {
  const catalogue = await loadCatalogue(appFolders())
  const model = catalogue.models.find(({ id }) => id === MODEL)!
  const quantization = catalogue.quantizations.find(({ id }) => id === QUANTIZATION)!
  await writeModelFile({ model, quantization, path: file, fill: 'random' })
  const { machine } = await scanMachine({ specs: catalogue, cacheFolder: null })
  const threads = inferenceThreads(machine)
  console.log(
    `${model.name} ${QUANTIZATION}, random weights, ${threads} threads, ${ANSWER_TOKENS} tokens an answer`,
  )
  return threads
}

async function openInApp(file: string, threads: number): Promise<Side> {
  const chatting = createChatting(appFolders())
  const opening = chatting.open({
    path: file,
    name: MODEL,
    kind: 'file',
    load: { backend: 'cpu', gpuLayers: 0, threads },
    contextTokens: CONTEXT_TOKENS,
    adapters: [],
    sampling: {},
    prediction: null,
    noPrediction: '',
  })
  let step = await opening.next()
  while (step.done !== true) step = await opening.next()
  const model = step.value
  return { ask: (prompt) => askApp(model, prompt), close: () => chatting.close() }
}

async function askApp(model: OpenModel, text: string): Promise<Run> {
  const startedAt = performance.now()
  let firstAt = 0
  let lastAt = 0
  const stream = model.chat({
    messages: [{ role: 'user', text }],
    settings: {
      ...DEFAULT_CHAT_SETTINGS,
      sampling: { ...DEFAULT_SAMPLING, temperature: 0 },
      maxTokens: ANSWER_TOKENS,
    },
  })
  for (;;) {
    const step = await stream.next()
    if (step.done === true) {
      const { decodeTokensPerSecond, generatedTokens } = step.value.generation
      return {
        firstSeconds: (firstAt - startedAt) / 1000,
        tokensPerSecond: decodeTokensPerSecond!,
        arrivingPerSecond: ((generatedTokens! - 1) * 1000) / (lastAt - firstAt),
      }
    }
    if (step.value.kind !== 'text') continue
    lastAt = performance.now()
    if (firstAt === 0) firstAt = lastAt
  }
}

async function startBare(file: string, threads: number): Promise<Side> {
  const script = fileURLToPath(new URL('bare-chat.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    [script, file, String(threads), String(CONTEXT_TOKENS), String(ANSWER_TOKENS)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  return {
    async ask(prompt) {
      child.stdin.write(`${prompt}\n`)
      const { value } = await lines.next()
      return { ...(JSON.parse(value as string) as Omit<Run, 'arrivingPerSecond'>), arrivingPerSecond: null }
    },
    close: () => child.kill(),
  }
}
