import type { HostReading } from '#backend/probe/sighting.ts'
import type {
  Backend,
  Cpu,
  Disk,
  OperatingSystem,
  Platform,
  SystemMemory,
  ValueSource,
} from '#core/machine/machine.ts'

/** Who is believed about the machine itself, best first. */
const HOST_TRUST: readonly string[] = [
  '/proc/meminfo',
  '/proc/cpuinfo',
  '/etc/os-release',
  'cgroup',
  'sysctl',
  'free',
  'lscpu',
  'system_profiler',
  'dmidecode',
  'WMI',
  'os',
  'systeminformation',
  'CPU name',
  'node os',
]

const HOST_RULE = 'the operating system before a library'

export interface ResolvedHost {
  readonly os: OperatingSystem
  readonly cpu: Cpu
  readonly memory: SystemMemory
  readonly disks: readonly Disk[]
  readonly runtimeBackends: readonly Backend[] | null
  readonly runtimeSource: string | null
  readonly sources: Readonly<Record<string, ValueSource>>
}

interface Said<T> {
  readonly value: T
  readonly source: string
}

function rank(reading: HostReading): number {
  const index = HOST_TRUST.indexOf(reading.source)
  return index < 0 ? HOST_TRUST.length : index
}

function said<T>(
  readings: readonly HostReading[],
  read: (reading: HostReading) => T | null | undefined,
): readonly Said<T>[] {
  return readings.flatMap((reading) => {
    const value = read(reading)
    return value === null || value === undefined ? [] : [{ value, source: reading.source }]
  })
}

function settle<T>(all: readonly Said<T>[], differ: (left: T, right: T) => boolean): ValueSource | null {
  const [chosen] = all
  if (chosen === undefined) return null
  const others = all.filter((other) => differ(chosen.value, other.value))
  return others.length === 0
    ? { source: chosen.source }
    : {
        source: chosen.source,
        rule: HOST_RULE,
        others: others.map((other) => ({ source: other.source, value: String(other.value) })),
      }
}

function differByOnePercent(left: number, right: number): boolean {
  return Math.abs(left - right) > left * 0.01
}

function least(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => typeof value === 'number')
  return known.length === 0 ? null : Math.min(...known)
}

function memoryOf(readings: readonly HostReading[]): {
  readonly memory: SystemMemory
  readonly sources: Record<string, ValueSource>
} {
  const totals = said(readings, (reading) => reading.memory?.totalBytes)
  const frees = said(readings, (reading) => reading.memory?.freeBytes)
  const limits = said(readings, (reading) => reading.memory?.limitBytes)
  const bandwidths = said(readings, (reading) => reading.memory?.bandwidthBytesPerSecond)
  const totalBytes = totals[0]?.value ?? least(limits.map((limit) => limit.value))
  const limitBytes = least([totalBytes, ...limits.map((limit) => limit.value)])
  const holder = limits.find((limit) => limit.value === limitBytes)
  const limitUsed = readings.find(
    (reading) => reading.memory?.limitBytes === limitBytes && reading.memory?.limitUsedBytes !== undefined,
  )
  const sources: Record<string, ValueSource> = {}
  const total = settle(totals, differByOnePercent)
  if (total !== null) sources['memory.totalBytes'] = total
  if (frees[0] !== undefined) sources['memory.freeBytes'] = { source: frees[0].source }
  if (bandwidths[0] !== undefined)
    sources['memory.bandwidthBytesPerSecond'] = { source: bandwidths[0].source }
  if (limitBytes !== null)
    sources['memory.limitBytes'] =
      holder === undefined
        ? { source: total?.source ?? 'unknown', rule: 'no limit found' }
        : { source: holder.source, rule: 'smallest limit up the tree' }
  return {
    memory: {
      totalBytes,
      freeBytes: frees[0]?.value ?? null,
      limitBytes,
      limitUsedBytes: limitUsed?.memory?.limitUsedBytes ?? null,
      bandwidthBytesPerSecond: bandwidths[0]?.value ?? null,
    },
    sources,
  }
}

function cpuOf(readings: readonly HostReading[]): {
  readonly cpu: Cpu
  readonly sources: Record<string, ValueSource>
} {
  const first = <K extends keyof Cpu>(field: K): Said<NonNullable<Cpu[K]>> | undefined =>
    said(readings, (reading) => reading.cpu?.[field])[0] as Said<NonNullable<Cpu[K]>> | undefined
  const physicalCores = first('physicalCores')?.value ?? null
  const usable = least([physicalCores, ...readings.map((reading) => reading.cpu?.usableCores)])
  const features =
    readings.map((reading) => reading.cpu?.features ?? []).find((list) => list.length > 0) ?? []
  const cpu: Cpu = {
    name: first('name')?.value ?? null,
    vendor: first('vendor')?.value ?? null,
    physicalCores,
    logicalCores: first('logicalCores')?.value ?? null,
    performanceCores: first('performanceCores')?.value ?? physicalCores,
    usableCores: usable,
    features,
  }
  const sources: Record<string, ValueSource> = {}
  for (const field of ['name', 'physicalCores', 'logicalCores'] as const) {
    const source = first(field)?.source
    if (source !== undefined) sources[`cpu.${field}`] = { source }
  }
  return { cpu, sources }
}

function osOf(readings: readonly HostReading[], platform: Platform, hint: string): OperatingSystem {
  const first = <K extends keyof OperatingSystem>(field: K): OperatingSystem[K] | null =>
    (said(readings, (reading) => reading.os?.[field])[0]?.value as OperatingSystem[K] | undefined) ?? null
  const hinted = /wsl/i.test(hint)
    ? 'wsl2'
    : /container|docker|podman|\blxc\b|kubernetes/i.test(hint)
      ? 'container'
      : null
  const features = readings.flatMap((reading) => reading.cpu?.features ?? [])
  const guessed = features.includes('neon') ? 'arm64' : features.length > 0 ? 'x64' : 'other'
  return {
    platform,
    name: first('name'),
    version: first('version'),
    architecture: first('architecture') ?? guessed,
    virtualization: hinted ?? first('virtualization'),
  }
}

/** Everything but the accelerators; `hint` is the recording's own word for its system ("linux (WSL2)"). */
export function resolveHost(
  unsorted: readonly HostReading[],
  platform: Platform,
  hint: string,
): ResolvedHost {
  const readings = [...unsorted].sort((left, right) => rank(left) - rank(right))
  const { memory, sources: memorySources } = memoryOf(readings)
  const { cpu, sources: cpuSources } = cpuOf(readings)
  const runtime = said(readings, (reading) => reading.backends)[0]
  return {
    os: osOf(readings, platform, hint),
    cpu,
    memory,
    disks: readings.flatMap((reading) => reading.disks ?? []),
    runtimeBackends: runtime?.value ?? null,
    runtimeSource: runtime?.source ?? null,
    sources: { ...memorySources, ...cpuSources },
  }
}
