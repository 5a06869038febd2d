/**
 * The reader of model headers against 6,000 damaged files: cut short, bits flipped, absurd counts and lengths, wrong types,
 * parts lost or doubled, some of them blown up to a terabyte of holes so that whatever they claim is there. Each must be read
 * or refused in plain words, in bounded time and memory.
 */
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadCatalogue } from '#backend/catalog/catalog.ts'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { readModelHeader } from '#backend/library/read-model-header.ts'
import { mutateGguf } from '#backend/library/testing/mutate-gguf.ts'
import { seededRandom } from '#backend/library/testing/seeded-random.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { quantile } from '#core/measure/quantile.ts'

const MUTATIONS = 6000
/** One in so many is blown up. */
const STRETCH_EVERY = 10
const STRETCHED_BYTES = 2 ** 40
/** A plain model with its words, a mixture with a list per layer, and one that is nearly all header. */
const MODELS = ['HuggingFaceTB/SmolLM2-135M-Instruct', 'ibm-granite/granite-4.0-h-tiny', 'Qwen/Qwen3-0.6B']

/** The header and the first kilobytes behind it: longer files would only take longer to write. */
async function headersOf(folder: string): Promise<readonly Uint8Array[]> {
  const dataFolder = path.resolve(import.meta.dirname, '../data')
  const { models, quantizations } = await loadCatalogue({ dataFolder, userFolder: null })
  const quantization = quantizations.find(({ id }) => id === 'Q4_K_M')
  const headers: Uint8Array[] = []
  for (const [index, id] of MODELS.entries()) {
    const model = models.find((one) => one.id === id)
    if (model === undefined || quantization === undefined) throw new Error(`no ${id}`)
    const file = path.join(folder, `${index}.gguf`)
    // The last one without words: there damage to anything but words is likelier.
    const vocabulary = index === MODELS.length - 1 ? 'none' : 'words'
    const small = { ...model, architecture: { ...model.architecture, vocabulary: 4000 } }
    const written = await writeModelFile({
      model: small,
      quantization,
      path: file,
      fill: 'sparse',
      vocabulary,
    })
    headers.push(await startOf(file, written.headerBytes + 4096))
    await rm(file)
  }
  return headers
}

async function startOf(file: string, length: number): Promise<Uint8Array> {
  const handle = await open(file)
  try {
    return (await handle.read(new Uint8Array(length), 0, length, 0)).buffer
  } finally {
    await handle.close()
  }
}

async function outcomeOf(file: string): Promise<string> {
  try {
    await readModelHeader(file)
    return 'read'
  } catch (error) {
    if (error instanceof InhouseError && error.code === 'FILE_INVALID') return 'refused in plain words'
    return `FAILED: ${String(error)}`
  }
}

interface Fuzzed {
  readonly outcomes: ReadonlyMap<string, number>
  readonly milliseconds: readonly number[]
  readonly mostBytes: number
}

async function fuzz(folder: string, headers: readonly Uint8Array[]): Promise<Fuzzed> {
  const random = seededRandom(1)
  const file = path.join(folder, 'mutated.gguf')
  const outcomes = new Map<string, number>()
  const milliseconds: number[] = []
  let mostBytes = 0
  for (let mutation = 0; mutation < MUTATIONS; mutation += 1) {
    const { bytes, what } = mutateGguf(headers[mutation % headers.length]!, random)
    await writeFile(file, bytes)
    // Without its weights a good header is of a file cut short; with a hole behind it, of a whole one.
    if (mutation % STRETCH_EVERY === 0) await truncate(file, STRETCHED_BYTES)
    else await truncate(file, bytes.length + Math.floor(random() * 2) * 2 ** 36)
    const startedAt = performance.now()
    const outcome = await outcomeOf(file)
    milliseconds.push(performance.now() - startedAt)
    mostBytes = Math.max(mostBytes, process.memoryUsage().rss)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    if (outcome.startsWith('FAILED')) console.log(`mutation ${mutation}, ${what}: ${outcome}`)
  }
  return { outcomes, milliseconds, mostBytes }
}

/** Prints what came of the files, how long the slowest took and how much memory the process grew by. */
export async function runFuzzReaderBench(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'inhouse-bench-fuzz-'))
  try {
    const headers = await headersOf(folder)
    const before = process.memoryUsage().rss
    const { milliseconds, mostBytes, outcomes } = await fuzz(folder, headers)
    const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
    for (const [outcome, count] of outcomes) console.log(`${count} ${outcome}`)
    console.log(
      `a file takes ${quantile(milliseconds, 0.5).toFixed(2)} ms, the slowest ${Math.max(...milliseconds).toFixed(0)} ms`,
    )
    console.log(
      `memory of the process: ${mebibytes(before)} before, ${mebibytes(mostBytes)} at most, ${mebibytes(process.memoryUsage().rss)} after ${MUTATIONS} files`,
    )
    const failed = [...outcomes.keys()].some((outcome) => outcome.startsWith('FAILED'))
    console.log(`  aim: none fails: ${failed ? 'not met' : 'met'}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
