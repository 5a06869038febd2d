import { numberOf, type HostReading, type Parser, type RawEntry } from '#backend/probe/sighting.ts'
import { dramBandwidth } from '#backend/probe/sources/dram-bandwidth.ts'
import type { OperatingSystem } from '#core/machine/machine.ts'
import { kibibytesToBytes } from '#core/units/units.ts'

type Texts = ReadonlyMap<string, string>

function meminfoReading(texts: Texts): HostReading | null {
  const text = texts.get('/proc/meminfo')
  if (text === undefined) return null
  const bytes = (field: string): number | null => {
    const kibibytes = numberOf(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1])
    return kibibytes === null ? null : kibibytesToBytes(kibibytes)
  }
  return {
    source: '/proc/meminfo',
    memory: { totalBytes: bytes('MemTotal'), freeBytes: bytes('MemAvailable') },
  }
}

const FREE_UNIT_BYTES: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** `free`, in the unit it was asked for (KiB without one); the last column is what can be had without swapping. */
function freeReading(entries: readonly RawEntry[]): HostReading | null {
  const entry = entries.find(({ key }) => /^(?:\S*\/)?free(?:\s+-[bkmgw]+)?$/.test(key))
  const row = /^Mem:\s+([\d\s]+)$/m.exec(entry?.text ?? '')?.[1]
  if (entry === undefined || row === undefined) return null
  const unit = FREE_UNIT_BYTES[/-w?([bkmg])/.exec(entry.key)?.[1] ?? 'k'] ?? 1024
  const numbers = row.trim().split(/\s+/).map(Number)
  const bytes = (value: number | undefined): number | null =>
    value === undefined || !(value > 0) ? null : value * unit
  const hasAvailable = /\bavailable\b/.test(entry.text)
  return {
    source: 'free',
    memory: { totalBytes: bytes(numbers[0]), freeBytes: hasAvailable ? bytes(numbers.at(-1)) : null },
  }
}

/** `lscpu` of a machine whose /proc/cpuinfo was not recorded. */
function lscpuReading(entries: readonly RawEntry[]): HostReading | null {
  const text = entries.find(({ key }) => /^(?:\S*\/)?lscpu\b/.test(key))?.text
  if (text === undefined) return null
  const field = (label: string): string | null =>
    new RegExp(`^\\s*${label}:\\s*(.+?)\\s*$`, 'm').exec(text)?.[1] ?? null
  const perSocket = numberOf(field('Core\\(s\\) per socket') ?? '')
  const sockets = numberOf(field('Socket\\(s\\)') ?? '') ?? 1
  const flags = field('Flags')
  return {
    source: 'lscpu',
    cpu: {
      name: field('Model name'),
      physicalCores: perSocket === null ? null : perSocket * sockets,
      logicalCores: numberOf(field('CPU\\(s\\)') ?? ''),
      features: flags === null ? [] : featuresOf(`flags : ${flags}\nFeatures : ${flags}`),
    },
  }
}

function statField(text: string | undefined, field: string): number {
  return Number(new RegExp(`^${field} (\\d+)$`, 'm').exec(text ?? '')?.[1] ?? 0)
}

/** A v1 group without limit prints about 2^63; nothing real is above a pebibyte. */
const NO_LIMIT_ABOVE_BYTES = 2 ** 50

/**
 * The smallest `memory.max` (v2) or `memory.limit_in_bytes` (v1) up the tree, and what is really used of it: page
 * cache (`inactive_file`) and reclaimable slabs are given back under pressure and do not count.
 */
function cgroupReading(texts: Texts): HostReading | null {
  let limit: number | null = null
  let used: number | null = null
  for (const [key, text] of texts) {
    const match = /^(\/sys\/fs\/cgroup.*)\/(memory\.max|memory\.limit_in_bytes)$/.exec(key)
    const bytes = match === null ? null : numberOf(text)
    if (
      match === null ||
      bytes === null ||
      bytes > NO_LIMIT_ABOVE_BYTES ||
      (limit !== null && bytes >= limit)
    )
      continue
    const folder = match[1] ?? ''
    const stat = texts.get(`${folder}/memory.stat`)
    const current = numberOf(
      texts.get(`${folder}/memory.current`) ?? texts.get(`${folder}/memory.usage_in_bytes`),
    )
    const cache =
      match[2] === 'memory.max'
        ? statField(stat, 'inactive_file') + statField(stat, 'slab_reclaimable')
        : statField(stat, 'total_inactive_file')
    limit = bytes
    used = current === null ? null : Math.max(0, current - cache)
  }
  return limit === null ? null : { source: 'cgroup', memory: { limitBytes: limit, limitUsedBytes: used } }
}

/** CPU bandwidth of the tightest group: quota over period, in cores. */
function cgroupCores(texts: Texts): number | null {
  let least: number | null = null
  for (const [key, text] of texts) {
    if (!/^\/sys\/fs\/cgroup.*\/cpu\.max$/.test(key)) continue
    const [quota, period] = text.trim().split(/\s+/).map(Number)
    if (quota === undefined || period === undefined || !(quota > 0) || !(period > 0)) continue
    const cores = Math.max(1, Math.floor(quota / period))
    least = least === null ? cores : Math.min(least, cores)
  }
  return least
}

/** `0-7,16` → the numbers. */
function cpuList(text: string | undefined): readonly number[] {
  return (text ?? '')
    .trim()
    .split(',')
    .flatMap((range) => {
      const [from, to = from] = range.split('-').map(Number)
      if (from === undefined || to === undefined || range === '' || !(to >= from)) return []
      return Array.from({ length: to - from + 1 }, (_, index) => from + index)
    })
}

const X86_FEATURES =
  'sse4_2 avx f16c fma avx2 avx512f avx512_vnni avx512_bf16 avx_vnni amx_tile amx_int8 amx_bf16 avx512_fp16'.split(
    ' ',
  )

const ARM_FEATURES: Readonly<Record<string, string>> = {
  asimd: 'neon',
  asimddp: 'dotprod',
  i8mm: 'i8mm',
  bf16: 'bf16',
  sve: 'sve',
  sve2: 'sve2',
  sme: 'sme',
}

function featuresOf(text: string): readonly string[] {
  const x86 = /^flags\s*:\s*(.+)$/m.exec(text)?.[1]?.split(/\s+/)
  if (x86 !== undefined) return X86_FEATURES.filter((feature) => x86.includes(feature))
  const arm = /^Features\s*:\s*(.+)$/m.exec(text)?.[1]?.split(/\s+/) ?? []
  return arm.flatMap((flag) => ARM_FEATURES[flag] ?? [])
}

function coreIds(text: string): ReadonlyMap<number, string> {
  const ids = new Map<number, string>()
  for (const block of text.split(/\n\s*\n/)) {
    const field = (label: string): string | undefined =>
      new RegExp(`^${label}\\s*:\\s*(\\d+)\\s*$`, 'm').exec(block)?.[1]
    const processor = field('processor')
    if (processor === undefined) continue
    const core = field('core id')
    ids.set(Number(processor), core === undefined ? processor : `${field('physical id') ?? '0'}/${core}`)
  }
  return ids
}

/** Model, cores and instruction sets; SMT siblings share a core id, P-cores are listed by the kernel on hybrids. */
function cpuReading(texts: Texts): HostReading | null {
  const text = texts.get('/proc/cpuinfo')
  if (text === undefined) return null
  const ids = coreIds(text)
  const physicalCores = new Set(ids.values()).size || null
  const fast = cpuList(texts.get('/sys/devices/cpu_core/cpus'))
  const fastCores = new Set(fast.map((cpu) => ids.get(cpu) ?? String(cpu))).size
  const vendor = /^vendor_id\s*:\s*(\S+)/m.exec(text)?.[1]
  const named = /^(?:model name|Model|Hardware)\s*:\s*(.+?)\s*$/m.exec(text)?.[1]
  const quota = cgroupCores(texts)
  return {
    source: '/proc/cpuinfo',
    cpu: {
      name: named ?? null,
      vendor: vendor === 'AuthenticAMD' ? 'AMD' : vendor === 'GenuineIntel' ? 'Intel' : (vendor ?? null),
      physicalCores,
      logicalCores: ids.size || null,
      performanceCores: fastCores > 0 ? fastCores : physicalCores,
      usableCores: physicalCores === null || quota === null ? null : Math.min(physicalCores, quota),
      features: featuresOf(text),
    },
  }
}

const HYPERVISOR =
  /qemu|kvm|vmware|virtualbox|xen|bochs|amazon ec2|google compute|virtual machine|parallels|firecracker/i

function virtualizationOf(texts: Texts): OperatingSystem['virtualization'] {
  if (/microsoft/i.test(texts.get('/proc/sys/kernel/osrelease') ?? '')) return 'wsl2'
  const marked = texts.has('/.dockerenv') || texts.has('/run/.containerenv')
  if (marked || /docker|kubepods|containerd|libpod|\/lxc/i.test(texts.get('/proc/1/cgroup') ?? ''))
    return 'container'
  const firmware = `${texts.get('/sys/class/dmi/id/sys_vendor') ?? ''} ${texts.get('/sys/class/dmi/id/product_name') ?? ''}`
  const cpu = texts.get('/proc/cpuinfo')
  if (HYPERVISOR.test(firmware) || /^flags\s*:.*\bhypervisor\b/m.test(cpu ?? '')) return 'vm'
  return cpu === undefined ? null : 'none'
}

function osReading(texts: Texts): HostReading {
  const release = texts.get('/etc/os-release') ?? ''
  const field = (name: string): string | null =>
    new RegExp(`^${name}="?([^"\\n]+)"?$`, 'm').exec(release)?.[1] ?? null
  return {
    source: '/etc/os-release',
    os: { name: field('PRETTY_NAME'), version: field('VERSION_ID'), virtualization: virtualizationOf(texts) },
  }
}

/** Modules of `dmidecode -t memory`: configured speed, not the rated one; each at its own width. */
function dmidecodeReading(entries: readonly RawEntry[]): HostReading | null {
  const entry = entries.find((candidate) => /^(?:\S*\/)?dmidecode\b/.test(candidate.key))
  if (entry === undefined) return null
  const modules = entry.text
    .split(/^Memory Device\s*$/m)
    .slice(1)
    .flatMap((block) => {
      const field = (label: string): string =>
        new RegExp(`^\\s*${label}:\\s*(.+?)\\s*$`, 'm').exec(block)?.[1] ?? ''
      const widthBits = Number.parseInt(field('Data Width'), 10)
      const speed =
        /^(\d+) MT\/s/.exec(field('Configured Memory Speed'))?.[1] ??
        /^(\d+) (?:MT\/s|MHz)/.exec(field('Speed'))?.[1]
      if (!/^\d/.test(field('Size')) || !(widthBits > 0) || speed === undefined) return []
      const locator = `${field('Locator')} ${field('Bank Locator')}`
      return [{ widthBits, megatransfersPerSecond: Number(speed), locator }]
    })
  const bandwidth = dramBandwidth(modules)
  return bandwidth === null ? null : { source: 'dmidecode', memory: { bandwidthBytesPerSecond: bandwidth } }
}

/** `/proc`, cgroups, `/etc/os-release` and dmidecode. */
export const parseLinuxHost: Parser = (entries, platform) => {
  if (platform !== 'linux') return {}
  const texts = new Map(entries.map((entry) => [entry.key, entry.text]))
  const os = osReading(texts)
  const readings = [
    meminfoReading(texts),
    freeReading(entries),
    lscpuReading(entries),
    cgroupReading(texts),
    cpuReading(texts),
    os,
    // A hypervisor's module table is made up.
    os.os?.virtualization === 'vm' ? null : dmidecodeReading(entries),
  ]
  return { readings: readings.filter((reading) => reading !== null) }
}
