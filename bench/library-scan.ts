/**
 * How long a scan of a folder with 1,000 models takes: 20 models of the catalogue with the words of their vocabularies, 50
 * copies each, every header read; then again with the headers kept. Each scan in a process of its own, which knows no
 * vocabulary yet; the files lie in the disk cache.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { loadCatalogue } from '#backend/catalog/catalog.ts'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { createLibrary } from '#backend/library/library.ts'
import { settingsFile } from '#backend/store/settings-file.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Model } from '#core/model/model.ts'
import { median } from './median.ts'

const MODELS = 20
const COPIES = 50
const RUNS = 5
const TARGET_SECONDS = 2

/** Every so many records one: small and large, old and new, vocabularies from 32,000 to 262,000 words. */
function chosenModels({ models }: Catalogue): readonly Model[] {
  const writable = models.filter(({ architecture }) => architecture.gguf !== null && architecture.layers >= 2)
  return writable.filter((_, index) => index % Math.floor(writable.length / MODELS) === 0).slice(0, MODELS)
}

/** The header, then a hole of the length of the rest. */
async function copyHeader(header: Buffer, fileBytes: number, to: string): Promise<void> {
  const handle = await open(to, 'w')
  try {
    await handle.writeFile(header)
    await handle.truncate(fileBytes)
  } finally {
    await handle.close()
  }
}

async function writeFolder(folder: string, catalogue: Catalogue): Promise<number> {
  const quantization = catalogue.quantizations.find(({ id }) => id === 'Q4_K_M')
  if (quantization === undefined) throw new Error('the catalogue has no Q4_K_M')
  let headerBytes = 0
  for (const model of chosenModels(catalogue)) {
    const name = model.id.replace('/', '--')
    const first = path.join(folder, `${name}.gguf`)
    const written = await writeModelFile({ model, quantization, path: first, fill: 'sparse' })
    const header = Buffer.alloc(written.headerBytes)
    const handle = await open(first)
    await handle.read(header, 0, header.length, 0)
    await handle.close()
    await mkdir(path.join(folder, name))
    for (let copy = 1; copy < COPIES; copy += 1)
      await copyHeader(header, written.fileBytes, path.join(folder, name, `${copy}.gguf`))
    headerBytes += written.headerBytes * COPIES
  }
  return headerBytes
}

interface TimedScan {
  readonly seconds: number
  readonly firstRowSeconds: number
  readonly firstHeaderSeconds: number
  readonly files: number
  readonly read: number
}

async function timeScan(root: string, userFolder: string): Promise<TimedScan> {
  const catalogue = await loadShipped()
  const settings = settingsFile(userFolder)
  await settings.change({ libraryFolders: [path.join(root, 'models')] })
  const library = createLibrary({
    folders: { dataFolder: path.join(root, 'nothing'), userFolder },
    settings,
    catalogue: () => Promise.resolve(catalogue),
    environment: {},
    homeFolder: path.join(root, 'nobody'),
    platform: 'darwin',
  })
  const startedAt = performance.now()
  const elapsed = () => (performance.now() - startedAt) / 1000
  let firstRowSeconds = 0
  let firstHeaderSeconds = 0
  const scan = library.scan()
  for (;;) {
    const step = await scan.next()
    if (step.done === true) {
      const { files } = step.value
      const read = files.filter(({ state }) => state === 'read').length
      return { seconds: elapsed(), firstRowSeconds, firstHeaderSeconds, files: files.length, read }
    }
    firstRowSeconds ||= elapsed()
    if (step.value.readCount > 0) firstHeaderSeconds ||= elapsed()
  }
}

const run = promisify(execFile)
const thisFile = fileURLToPath(import.meta.url)

async function timeScanApart(root: string, userFolder: string): Promise<TimedScan> {
  const { stdout } = await run(process.execPath, [thisFile, root, userFolder])
  return JSON.parse(stdout) as TimedScan
}

function report(what: string, scans: readonly TimedScan[]): number {
  const all = scans.map((scan) => scan.seconds)
  const seconds = median(all)
  const rows = median(scans.map((scan) => scan.firstRowSeconds))
  const headers = median(scans.map((scan) => scan.firstHeaderSeconds))
  console.log(
    `${what}: median ${seconds.toFixed(2)} s (${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)}), first rows after ${rows.toFixed(2)} s, first headers after ${headers.toFixed(2)} s`,
  )
  return seconds
}

function loadShipped(): Promise<Catalogue> {
  return loadCatalogue({ dataFolder: path.resolve(import.meta.dirname, '../data'), userFolder: null })
}

/** Prints how long both scans take. */
export async function runLibraryScanBench(): Promise<void> {
  const root = await mkdtemp(path.join(tmpdir(), 'inhouse-bench-library-'))
  try {
    const models = path.join(root, 'models')
    await mkdir(models)
    const headerBytes = await writeFolder(models, await loadShipped())
    console.log('one scan first, not counted: the system still writes the files out')
    await timeScanApart(root, path.join(root, 'user'))
    const fresh: TimedScan[] = []
    const again: TimedScan[] = []
    for (let scan = 0; scan < RUNS; scan += 1) {
      const userFolder = path.join(root, `user-${scan}`)
      fresh.push(await timeScanApart(root, userFolder))
      again.push(await timeScanApart(root, userFolder))
    }
    const [first] = fresh
    console.log(
      `${first?.files} files, ${first?.read} read, ${(headerBytes / 2 ** 30).toFixed(1)} GiB of headers`,
    )
    const seconds = report('every header read', fresh)
    console.log(`  aim ≤ ${TARGET_SECONDS} s: ${seconds <= TARGET_SECONDS ? 'met' : 'not met'}`)
    report('headers kept from before', again)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

const [, entry, root, userFolder] = process.argv
if (entry === thisFile && root !== undefined && userFolder !== undefined)
  console.log(JSON.stringify(await timeScan(root, userFolder)))
