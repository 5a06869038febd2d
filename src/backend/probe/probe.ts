import os from 'node:os'
import { interpret } from '#backend/probe/interpret.ts'
import type { Recording } from '#backend/probe/replay.ts'
import type { Collected, CollectContext, ScanTool } from '#backend/probe/scan-tool.ts'
import type { RawEntry } from '#backend/probe/sighting.ts'
import { GRAPHICS_TOOL, libraryTools } from '#backend/probe/tools/library-tools.ts'
import { LINUX_GPU_TOOLS, LINUX_TOOLS } from '#backend/probe/tools/linux-tools.ts'
import { MACOS_TOOLS } from '#backend/probe/tools/macos-tools.ts'
import { nvidiaTool } from '#backend/probe/tools/nvidia-tool.ts'
import { collectRuntime, skippedRuntime } from '#backend/probe/tools/runtime-tool.ts'
import { WINDOWS_TOOLS } from '#backend/probe/tools/windows-tools.ts'
import { systemRunner, type ToolRunner } from '#backend/probe/tool-runner.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { Machine, MachineWarning, Platform } from '#core/machine/machine.ts'

/** How one tool did. */
export interface ToolReport {
  readonly name: string
  readonly milliseconds: number
  readonly outcome: 'ok' | 'missing' | 'timed-out' | 'failed' | 'garbled'
  readonly detail: string | null
}

export interface ScanResult {
  readonly machine: Machine
  readonly tools: readonly ToolReport[]
  /** Every raw output, unscrubbed: replaying it gives the same machine. */
  readonly raw: Recording
}

/** The accelerator table itself, or the catalogue it is part of. */
type Table = readonly AcceleratorSpec[] | { readonly accelerators: readonly AcceleratorSpec[] }

export interface ScanOptions {
  /** May still be loading: the tools run meanwhile. */
  readonly specs: Table | Promise<Table>
  /** The user's own records, which win over shipped ones. */
  readonly userSpecs?: readonly AcceleratorSpec[]
  readonly signal?: AbortSignal
  /** Called whenever a tool has answered, with the whole machine as known so far. */
  readonly onUpdate?: (update: {
    readonly machine: Machine
    readonly pendingTools: readonly string[]
  }) => void
  /** Default 10 s: a first nvidia-smi after boot or on a sleeping laptop GPU takes seconds. */
  readonly timeoutMilliseconds?: number
  /** Default: the real machine. */
  readonly runner?: ToolRunner
  /** Whose disk is shown as holding the models. Default: the home folder. */
  readonly modelsFolder?: string
  /** Where the runtime's answer is remembered. Default null: asked each time. */
  readonly cacheFolder?: string | null
  /** Default: this process'. */
  readonly platform?: Platform
}

/** A first answer of nvidia-smi later than this means it is there, so there is something to ask the runtime about. */
const NVIDIA_IS_THERE_AFTER_MILLISECONDS = 250

export function currentPlatform(): Platform {
  if (process.platform === 'win32') return 'windows'
  return process.platform === 'darwin' ? 'macos' : 'linux'
}

function toolsOf(platform: Platform): readonly ScanTool[] {
  const own = { linux: LINUX_TOOLS, windows: WINDOWS_TOOLS, macos: MACOS_TOOLS }[platform]
  const nvidia = platform === 'macos' ? [] : [nvidiaTool(platform)]
  return [...own, ...nvidia, ...libraryTools(platform)]
}

interface Running {
  readonly name: string
  readonly done: Promise<Collected>
}

/** A command is killed at the limit itself; this much later the wait ends whatever happened. */
const KILL_GRACE_MILLISECONDS = 500

/** Cut off even when the tool is a library call that cannot be killed; none may wait synchronously. */
function withDeadline(
  work: Promise<Collected>,
  milliseconds: number,
  signal: AbortSignal | null,
): Promise<Collected> {
  return new Promise((resolve) => {
    const finish = (collected: Collected): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      resolve(collected)
    }
    const give = (outcome: Collected['outcome'], detail: string): void =>
      finish({ entries: [], outcome, detail })
    const cancel = (): void => give('timed-out', 'cancelled')
    const tooLate = (): void => give('timed-out', `no answer within ${milliseconds / 1000} s`)
    const timer = setTimeout(tooLate, milliseconds + KILL_GRACE_MILLISECONDS)
    signal?.addEventListener('abort', cancel)
    work.then(finish, (error: unknown) =>
      give('failed', error instanceof Error ? error.message : String(error)),
    )
  })
}

const GPU_TRACE =
  /^\/sys\/bus\/pci\/devices\/[^/]+\/vendor$|^\/sys\/class\/(?:drm|kfd)\/|^\/proc\/driver\/nvidia\//
const REAL_GPU_VENDOR = /0x(?:10de|1002|8086)/i

/** A GPU the runtime might use: a PCI device of a GPU vendor, a loaded driver, a Jetson or WSL's paravirtual device. */
function showsGpu(entries: readonly RawEntry[]): boolean {
  return entries.some(({ key, text }) => {
    if (/^\/proc\/device-tree\/model$/.test(key)) return /nvidia|jetson/i.test(text)
    if (/nvidia-smi/.test(key)) return true
    return GPU_TRACE.test(key) && (!key.endsWith('/vendor') || REAL_GPU_VENDOR.test(text))
  })
}

/** Does not keep the process alive: what is waited for does. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
}

function toolWarnings(tools: readonly ToolReport[]): readonly MachineWarning[] {
  return tools.flatMap((tool): readonly MachineWarning[] => {
    if (tool.outcome === 'timed-out')
      return [
        { code: 'tool-timed-out', message: `${tool.name} was stopped: ${tool.detail}`, source: tool.name },
      ]
    if (tool.outcome === 'garbled')
      return [
        {
          code: 'tool-garbled',
          message: `${tool.name} printed something else than expected: ${tool.detail}`,
          source: tool.name,
        },
      ]
    return []
  })
}

/** The state of one scan: what came back so far. */
interface Progress {
  readonly entries: RawEntry[]
  readonly tools: ToolReport[]
  readonly keysOf: Map<string, readonly string[]>
  readonly pending: Set<string>
}

function machineOf(
  progress: Progress,
  platform: Platform,
  specs: readonly AcceleratorSpec[],
  scannedAt: string,
): { readonly machine: Machine; readonly tools: readonly ToolReport[] } {
  const { machine, garbled } = interpret(progress.entries, { platform, hint: platform, specs, scannedAt })
  const tools = progress.tools.map((tool): ToolReport => {
    const bad = garbled.find(({ key }) => progress.keysOf.get(tool.name)?.includes(key) === true)
    return bad === undefined || tool.outcome !== 'ok'
      ? tool
      : { ...tool, outcome: 'garbled', detail: bad.detail }
  })
  return { machine: { ...machine, warnings: [...machine.warnings, ...toolWarnings(tools)] }, tools }
}

/** Each tool listens to a signal of its own that follows the scan's: a dozen listeners on one look like a leak. */
function ofOneTool(context: CollectContext): CollectContext {
  return context.signal === null ? context : { ...context, signal: AbortSignal.any([context.signal]) }
}

function start(tool: ScanTool, scan: CollectContext): Running {
  const context = ofOneTool(scan)
  return {
    name: tool.name,
    done: withDeadline(tool.collect(context), context.timeoutMilliseconds, context.signal),
  }
}

/** Tools of the second round wait for the quick ones: they are only worth their time where there is a GPU. */
function gpuRound(
  context: CollectContext,
  platform: Platform,
  first: readonly Running[],
): readonly Running[] {
  const early = ['sysfs', 'proc', 'system_profiler', 'sysctl', 'powershell']
  const traces = Promise.all(first.filter(({ name }) => early.includes(name)).map(({ done }) => done)).then(
    (answers) => answers.flatMap((answer) => answer.entries),
  )
  const nvidia = first.find(({ name }) => name === 'nvidia-smi')?.done ?? Promise.resolve(null)
  const nvidiaSlow = pause(NVIDIA_IS_THERE_AFTER_MILLISECONDS).then(() => 'slow' as const)
  const known = (async (): Promise<{ readonly gpu: boolean; readonly entries: readonly RawEntry[] }> => {
    const entries = await traces
    if (platform !== 'linux' || showsGpu(entries)) return { gpu: true, entries }
    const answer = await Promise.race([nvidia, nvidiaSlow])
    if (answer === 'slow') return { gpu: true, entries }
    const all = [...entries, ...(answer?.entries ?? [])]
    return { gpu: showsGpu(all), entries: all }
  })()
  const notNeeded: Collected = { entries: [], outcome: 'missing', detail: 'not asked: no GPU device' }
  const later = platform === 'linux' ? [...LINUX_GPU_TOOLS, GRAPHICS_TOOL] : []
  const own = ofOneTool(context)
  const runtime = known.then(async ({ gpu, entries }) =>
    gpu ? collectRuntime(own, entries) : skippedRuntime(),
  )
  return [
    ...later.map((tool): Running => ({
      name: tool.name,
      done: known.then(({ gpu }) => (gpu ? start(tool, context).done : notNeeded)),
    })),
    { name: 'node-llama-cpp', done: withDeadline(runtime, own.timeoutMilliseconds * 2, own.signal) },
  ]
}

async function tableOf(options: ScanOptions): Promise<readonly AcceleratorSpec[]> {
  const table = await options.specs
  const shipped = 'accelerators' in table ? table.accelerators : table
  return options.userSpecs === undefined ? shipped : [...options.userSpecs, ...shipped]
}

/**
 * Scans this machine: every tool side by side, each cut off after the time limit and named in the warnings. Never
 * rejects because of a tool; what the others said is delivered through `onUpdate` meanwhile.
 */
export async function scanMachine(options: ScanOptions): Promise<ScanResult> {
  const platform = options.platform ?? currentPlatform()
  const scannedAt = new Date().toISOString()
  const context: CollectContext = {
    runner: options.runner ?? systemRunner,
    timeoutMilliseconds: options.timeoutMilliseconds ?? 10_000,
    signal: options.signal ?? null,
    modelsFolder: options.modelsFolder ?? os.homedir(),
    cacheFolder: options.cacheFolder ?? null,
  }
  const startedAt = performance.now()
  const first = toolsOf(platform).map((tool) => start(tool, context))
  const running = [...first, ...gpuRound(context, platform, first)]
  const table = tableOf(options)
  const progress: Progress = {
    entries: [],
    tools: [],
    keysOf: new Map(),
    pending: new Set(running.map(({ name }) => name)),
  }
  await Promise.all(
    running.map(async ({ name, done }) => {
      const { entries, outcome, detail } = await done
      progress.entries.push(...entries)
      progress.keysOf.set(
        name,
        entries.map((entry) => entry.key),
      )
      progress.tools.push({ name, milliseconds: Math.round(performance.now() - startedAt), outcome, detail })
      progress.pending.delete(name)
      if (options.onUpdate === undefined || progress.pending.size === 0) return
      const { machine } = machineOf(progress, platform, await table, scannedAt)
      options.onUpdate({ machine, pendingTools: [...progress.pending] })
    }),
  )
  const { machine, tools } = machineOf(progress, platform, await table, scannedAt)
  return { machine, tools, raw: recordingOf(progress.entries, platform, scannedAt) }
}

function recordingOf(entries: readonly RawEntry[], platform: Platform, recordedAt: string): Recording {
  const failed = entries.flatMap(({ key, exitCode }) =>
    exitCode === null || exitCode === 0 ? [] : [[key, exitCode] as const],
  )
  return {
    os: platform,
    recordedAt,
    raw: Object.fromEntries(entries.map(({ key, text }) => [key, text])),
    ...(failed.length === 0 ? {} : { exitCodes: Object.fromEntries(failed) }),
  }
}
