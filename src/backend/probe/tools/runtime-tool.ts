import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Collected, CollectContext } from '#backend/probe/scan-tool.ts'
import { jsonOf, type RawEntry, recordsOf } from '#backend/probe/sighting.ts'
import { RUNTIME_KEY } from '#backend/probe/sources/runtime.ts'
import { POWERSHELL_KEY } from '#backend/probe/sources/windows.ts'
import type { ToolRunner } from '#backend/probe/tool-runner.ts'
import { packageUrl, runWithPackage } from '#backend/probe/tools/child-script.ts'

/**
 * Asked in a child process: initialising a GPU backend pins memory and a broken driver can crash the process. One
 * thread, never a build. The first working GPU type is loaded for its device names and memory.
 */
const QUESTION = `
const { getLlama, getLlamaGpuTypes } = await library()
const gpuTypes = await getLlamaGpuTypes('supported')
const gpu = gpuTypes.find((type) => type !== false) ?? false
const answer = { gpuTypes, gpu, devices: [], vram: null }
if (gpu !== false) {
  const llama = await getLlama({ gpu, build: 'never', maxThreads: 1, logLevel: 'error', progressLogs: false })
  answer.devices = await llama.getGpuDeviceNames()
  answer.vram = await llama.getVramState()
}
return answer
`

interface CachedAnswer {
  readonly key: string
  readonly text: string
}

function cacheFile(folder: string): string {
  return join(folder, 'runtime-answer.json')
}

async function readCached(folder: string | null, key: string): Promise<string | null> {
  if (folder === null) return null
  try {
    const [cached] = recordsOf(jsonOf(await readFile(cacheFile(folder), 'utf8')))
    return cached?.['key'] === key && typeof cached['text'] === 'string' ? cached['text'] : null
  } catch {
    return null
  }
}

/** Free memory is of the moment: it is not remembered. */
function withoutFreeMemory(text: string): string {
  const [answer] = recordsOf(jsonOf(text))
  const [vram] = recordsOf(answer?.['vram'])
  return JSON.stringify({ ...answer, vram: vram === undefined ? null : { ...vram, free: 0, used: 0 } })
}

async function writeCached(folder: string | null, cached: CachedAnswer): Promise<void> {
  if (folder === null) return
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(cacheFile(folder), JSON.stringify(cached))
  } catch (error) {
    // Without the cache the next scan asks again: slower, not wrong.
    console.warn(`The runtime's answer could not be remembered in ${folder}: ${String(error)}`)
  }
}

async function packageVersion(url: string): Promise<string | null> {
  try {
    const folder = dirname(dirname(fileURLToPath(url)))
    const [manifest] = recordsOf(jsonOf(await readFile(join(folder, 'package.json'), 'utf8')))
    return typeof manifest?.['version'] === 'string' ? manifest['version'] : null
  } catch {
    return null
  }
}

/** nvidia-smi's rows without the free memory, which changes from second to second. */
function withoutFreeColumn({ key, text }: RawEntry): string {
  const column = (/--query-gpu=([\w.,]+)/.exec(key)?.[1] ?? '').split(',').indexOf('memory.free')
  if (column < 0) return ''
  return text.replace(/^.*$/gm, (row) => row.split(',').toSpliced(column, 1).join(','))
}

/** What the answer depends on: package, devices and drivers (PCI files, driver versions, Vulkan drivers, Metal limit). */
async function dependencies(
  version: string | null,
  hardware: readonly RawEntry[],
  runner: ToolRunner,
): Promise<string> {
  const files = hardware.filter(({ key }) => /\/sys\/bus\/pci|\/driver\/nvidia\/version|^sysctl/.test(key))
  const cards = hardware.filter(({ key }) => /nvidia-smi/.test(key)).map(withoutFreeColumn)
  const windows = hardware
    .filter(({ key }) => key === POWERSHELL_KEY)
    .map(({ text }) => namesAndDrivers(text))
  const vulkan = await Promise.all(['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'].map(runner.list))
  const system = [process.platform, process.arch, process.version]
  return JSON.stringify([version, system, files.map(({ key, text }) => [key, text]), cards, windows, vulkan])
}

function namesAndDrivers(inventory: string): readonly unknown[] {
  const [answer] = recordsOf(jsonOf(inventory))
  return recordsOf(answer?.['video']).map((adapter) => [adapter['Name'], adapter['DriverVersion']])
}

/** Only a GPU that works is remembered: a missing driver may be installed at any moment, so that is asked anew. */
function isWorthRemembering(text: string): boolean {
  const [answer] = recordsOf(jsonOf(text))
  return typeof answer?.['gpu'] === 'string'
}

function answered(text: string): Collected {
  return { entries: [{ key: RUNTIME_KEY, text, exitCode: 0 }], outcome: 'ok', detail: null }
}

/** The answer where no GPU is: nothing but the CPU can be usable, so the second of start-up is saved. */
export function skippedRuntime(): Collected {
  const answer = { gpuTypes: [false], gpu: false, devices: [], vram: null, skipped: 'no GPU device' }
  return { ...answered(JSON.stringify(answer)), detail: 'not asked: no GPU device' }
}

/** Asks the bundled llama.cpp, or remembers what it said for the same package, devices and drivers. */
export async function collectRuntime(
  context: CollectContext,
  hardware: readonly RawEntry[],
): Promise<Collected> {
  const url = packageUrl('node-llama-cpp')
  if (url === null) return { entries: [], outcome: 'missing', detail: 'node-llama-cpp is not installed' }
  const key = await dependencies(await packageVersion(url), hardware, context.runner)
  const cached = await readCached(context.cacheFolder, key)
  if (cached !== null) return { ...answered(cached), detail: 'remembered' }
  const output = await runWithPackage(context, url, QUESTION)
  if (output.outcome !== 'ok') return { entries: [], outcome: output.outcome, detail: output.detail }
  if (isWorthRemembering(output.stdout))
    await writeCached(context.cacheFolder, { key, text: withoutFreeMemory(output.stdout) })
  return answered(output.stdout)
}
