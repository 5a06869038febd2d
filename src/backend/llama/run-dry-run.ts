import { rm } from 'node:fs/promises'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { newDryRunFile } from '#backend/llama/dry-run-folder.ts'
import type { LoadOptions, RunJob, RunResult, RunUpdate } from '#backend/llama/engine-job.ts'
import { startEngineProcess, type EngineProcess } from '#backend/llama/engine-process.ts'
import { engineWorkerFile } from '#backend/llama/engine-worker-file.ts'
import type { DryRunFile } from '#core/measure/dry-run-plan.ts'
import type { Model } from '#core/model/model.ts'
import type { KvType, Quantization } from '#core/quant/quantization.ts'

/** One file of a dry run: what is written, how it is loaded and what is timed. */
export interface FileRun {
  readonly model: Model
  readonly quantization: Quantization
  readonly file: DryRunFile
  readonly load: Omit<LoadOptions, 'path'>
  readonly kvType: KvType
  readonly flashAttention: boolean
}

export interface RunDryRunOptions {
  readonly root: string
  readonly userFolder: string
  readonly sparse: boolean
  readonly onUpdate: (file: number, update: RunUpdate | { readonly kind: 'writing' }) => void
  readonly signal: AbortSignal
}

/** Silence while a file is loaded that means that it hangs: loading reports its progress, but not while it repacks. */
const LOAD_PATIENCE_SECONDS = 120
const LOAD_PATIENCE = 20
/** Tokens that name no byte and control nothing: from here on the stand-in vocabulary has plain words. */
const FIRST_WORD_TOKEN = 260
const MOST_TOKENS = 256

/**
 * Runs files one after the other in one fresh process and answers what each took; `nextRun` says what is next, knowing
 * what the ones before took, and null at the end. Whatever happens, the process is gone
 * and so are the files: each one's name already while it runs, where the system lets a file go that is still open.
 */
export async function runDryRun(
  nextRun: (results: readonly RunResult[]) => FileRun | null,
  options: RunDryRunOptions,
): Promise<readonly RunResult[]> {
  const engine = startEngineProcess(engineWorkerFile(options.root))
  try {
    const results: RunResult[] = []
    for (let run = nextRun(results); run !== null; run = nextRun(results))
      results.push(await runFile(engine, run, results.length, options))
    return results
  } finally {
    engine.stop()
  }
}

async function runFile(
  engine: EngineProcess,
  run: FileRun,
  index: number,
  options: RunDryRunOptions,
): Promise<RunResult> {
  const { userFolder, sparse, onUpdate, signal } = options
  const path = await newDryRunFile(userFolder)
  try {
    onUpdate(index, { kind: 'writing' })
    const { model, quantization, file } = run
    await writeModelFile({
      model,
      quantization,
      path,
      fill: sparse ? 'sparse' : 'zeros',
      signal,
      routedWords: wordsOf(model),
      ...(file.layers === null ? {} : { layers: file.layers }),
    })
    return await engine.run(jobOf(run, path), {
      signal,
      patienceSeconds: Math.max(LOAD_PATIENCE_SECONDS, LOAD_PATIENCE * file.loadSeconds),
      onUpdate: (update) => {
        // Windows refuses to remove a file that is open: there it goes when the run ends.
        if (update.kind === 'loaded') rm(path, { force: true }).catch(() => undefined)
        onUpdate(index, update)
      },
    })
  } finally {
    await rm(path, { force: true, maxRetries: 5, retryDelay: 200 })
  }
}

function jobOf({ model, file, load, kvType, flashAttention }: FileRun, path: string): RunJob {
  return {
    kind: 'run',
    load: { ...load, path },
    contexts: file.contexts.map((context) => ({ ...context, kvType, flashAttention })),
    tokens: wordsOf(model),
  }
}

/** Tokens that are fed. */
function wordsOf({ architecture }: Model): RunJob['tokens'] {
  const { vocabulary } = architecture
  const first = Math.min(FIRST_WORD_TOKEN, Math.floor(vocabulary / 2))
  return { first, count: Math.min(MOST_TOKENS, vocabulary - first) }
}
