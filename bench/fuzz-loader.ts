/**
 * What becomes of damaged model files on their way into the engine, as the app takes them: the header is read, and what
 * is let through is loaded by llama.cpp in its own process and asked for a word. No file may end the app, take memory
 * without bound or hang; each ends in an error that says what is wrong, or in a model that answers.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadCatalogue } from '#backend/catalog/catalog.ts'
import { mutateGguf } from '#backend/library/testing/mutate-gguf.ts'
import { seededRandom } from '#backend/library/testing/seeded-random.ts'
import { readModelHeader } from '#backend/library/read-model-header.ts'
import { startEngineProcess, type EngineProcess } from '#backend/llama/engine-process.ts'
import { engineWorkerFile } from '#backend/llama/engine-worker-file.ts'
import { childProcesses, residentBytesOf } from '#backend/llama/testing/child-processes.ts'
import { writeTinyModel } from '#backend/llama/testing/tiny-model.ts'
import { appFolders } from '#backend/store/app-folders.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { formatMemory } from '#core/figure/format-figure.ts'

const FILES = 6000
/** A file of some hundred kilobytes loads in milliseconds: so long a silence is a hang. */
const PATIENCE_SECONDS = 30

interface Outcomes {
  readonly counts: Map<string, number>
  /** Errors without a next step, or of no kind that is known. */
  readonly unclear: string[]
  engines: number
  mostHostBytes: number
  mostEngineBytes: number
}

/** Prints how every file was told, and the most memory anything took. */
export async function runFuzzLoaderBench(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'inhouse-bench-fuzz-'))
  const outcomes: Outcomes = {
    counts: new Map(),
    unclear: [],
    engines: 0,
    mostHostBytes: 0,
    mostEngineBytes: 0,
  }
  try {
    const good = path.join(folder, 'good.gguf')
    await writeTinyModel(await loadCatalogue(appFolders()), good)
    const bytes = await readFile(good)
    const before = process.memoryUsage.rss()
    await throwAll(bytes, path.join(folder, 'mutated.gguf'), outcomes)
    report(outcomes, before)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function throwAll(good: Uint8Array, file: string, outcomes: Outcomes): Promise<void> {
  const random = seededRandom(4)
  let engine: EngineProcess | null = null
  for (let index = 0; index < FILES; index++) {
    const { bytes, what } = mutateGguf(good, random)
    await writeFile(file, bytes)
    if (engine === null || !engine.alive) {
      engine = startEngineProcess(engineWorkerFile(appFolders().root))
      outcomes.engines++
    }
    const outcome = await outcomeOf(engine, file, what, outcomes)
    outcomes.counts.set(outcome, (outcomes.counts.get(outcome) ?? 0) + 1)
    outcomes.mostHostBytes = Math.max(outcomes.mostHostBytes, process.memoryUsage.rss())
    for (const pid of childProcesses()) {
      outcomes.mostEngineBytes = Math.max(outcomes.mostEngineBytes, residentOrNothing(pid))
    }
    if (index % 1000 === 999) console.log(`${index + 1} files …`)
  }
  engine?.stop()
}

async function outcomeOf(
  engine: EngineProcess,
  file: string,
  what: string,
  { unclear }: Outcomes,
): Promise<string> {
  try {
    await readModelHeader(file)
    const load = { path: file, backend: 'cpu', gpuLayers: 0, threads: 1 } as const
    await engine.run(
      { kind: 'open', load, contextTokens: 256, adapters: [] },
      { patienceSeconds: PATIENCE_SECONDS },
    )
    return 'loaded'
  } catch (error) {
    if (!(error instanceof InhouseError) || error.nextStep === '') {
      unclear.push(`${what}: ${String(error)}`)
      return 'unclear'
    }
    if (error.code === 'UNEXPECTED') unclear.push(`${what}: ${error.message} ${String(error.cause)}`)
    return error.code
  }
}

function residentOrNothing(pid: number): number {
  try {
    return residentBytesOf(pid)
  } catch {
    // It ended between the two looks.
    return 0
  }
}

function report(
  { counts, engines, mostEngineBytes, mostHostBytes, unclear }: Outcomes,
  before: number,
): void {
  for (const [outcome, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`${count}  ${outcome}`)
  console.log(`engine processes: ${engines}`)
  console.log(`host memory: ${formatMemory(before)} before, at most ${formatMemory(mostHostBytes)}`)
  console.log(`engine memory at most ${formatMemory(mostEngineBytes)}`)
  if (unclear.length > 0) console.log(`unclear: ${unclear.length}\n${unclear.slice(0, 10).join('\n')}`)
}
