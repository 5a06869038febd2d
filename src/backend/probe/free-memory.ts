import os from 'node:os'
import { interpret } from '#backend/probe/interpret.ts'
import { currentPlatform } from '#backend/probe/probe.ts'
import { collectCommand, type CollectContext, readEntries } from '#backend/probe/scan-tool.ts'
import type { RawEntry } from '#backend/probe/sighting.ts'
import { cgroupPaths, collectSysfs } from '#backend/probe/tools/linux-tools.ts'
import { nvidiaTool } from '#backend/probe/tools/nvidia-tool.ts'
import { systemRunner, type ToolRunner } from '#backend/probe/tool-runner.ts'
import type { FreeMemory } from '#contract/answers.ts'
import type { Accelerator, Machine, Platform } from '#core/machine/machine.ts'

export interface FreeMemoryOptions {
  readonly runner?: ToolRunner
  readonly platform?: Platform
  /** Default 1500 ms: a reading later than the next one is worth nothing. */
  readonly timeoutMilliseconds?: number
}

async function ramEntries(runner: ToolRunner): Promise<readonly RawEntry[]> {
  const entries = await readEntries(runner, ['/proc/meminfo', '/proc/self/cgroup'])
  const own = entries.find((entry) => entry.key === '/proc/self/cgroup')?.text
  return own === undefined ? entries : [...entries, ...(await readEntries(runner, cgroupPaths(own)))]
}

/** What the system has to give, and no more than the limit of this process' group leaves. */
function ramFree({ memory }: Machine, platform: Platform): number | null {
  const { limitBytes, limitUsedBytes } = memory
  const free = memory.freeBytes ?? (platform === 'windows' ? os.freemem() : null)
  if (free === null || limitBytes === null || limitUsedBytes === null || limitUsedBytes === undefined)
    return free
  return Math.max(0, Math.min(free, limitBytes - limitUsedBytes))
}

async function liveEntries(
  machine: Machine,
  context: CollectContext,
  platform: Platform,
): Promise<readonly RawEntry[]> {
  const has = (vendor: string): boolean =>
    machine.accelerators.some((card) => card.vendor === vendor && !card.asIf)
  const parts = await Promise.all([
    platform === 'linux' ? ramEntries(context.runner) : [],
    platform === 'linux' && has('AMD') ? collectSysfs(context.runner).then((answer) => answer.entries) : [],
    has('NVIDIA')
      ? nvidiaTool(platform)
          .collect(context)
          .then((answer) => answer.entries)
      : [],
    platform === 'macos' ? collectCommand(context, 'vm_stat', []).then((answer) => answer.entries) : [],
  ])
  return parts.flat()
}

/** The reading of the same device: by address, else by the n-th of its name. */
function readingOf(
  card: Accelerator,
  index: number,
  machine: Machine,
  live: readonly Accelerator[],
): Accelerator | null {
  if (card.pciAddress !== null) {
    const sameAddress = live.find((other) => other.pciAddress === card.pciAddress)
    if (sameAddress !== undefined) return sameAddress
  }
  const nth = machine.accelerators.slice(0, index).filter((other) => other.name === card.name).length
  return live.filter((other) => other.name === card.name)[nth] ?? null
}

/**
 * Free memory now, cheaply enough for a reading every second or two: RAM from the system, each accelerator from its
 * driver (nvidia-smi, amdgpu's files); null where only a full scan could tell.
 */
export async function readFreeMemory(machine: Machine, options: FreeMemoryOptions = {}): Promise<FreeMemory> {
  const platform = options.platform ?? currentPlatform()
  const context: CollectContext = {
    runner: options.runner ?? systemRunner,
    timeoutMilliseconds: options.timeoutMilliseconds ?? 1500,
    signal: null,
    modelsFolder: '',
    cacheFolder: null,
  }
  const readAt = new Date().toISOString()
  const entries = await liveEntries(machine, context, platform)
  const live = interpret(entries, { platform, hint: platform, specs: [], scannedAt: readAt }).machine
  const ramFreeBytes = ramFree(live, platform)
  const acceleratorFreeBytes = machine.accelerators.map((card, index) => {
    if (card.unified && !card.integrated) return ramFreeBytes
    return (
      readingOf(card, index, machine, live.accelerators)?.freeBytes ?? (card.unified ? ramFreeBytes : null)
    )
  })
  return { readAt, ramFreeBytes, acceleratorFreeBytes }
}
