import {
  jsonOf,
  numberOf,
  type HostReading,
  type Parser,
  type RawEntry,
  recordsOf,
  type Sighting,
  sighting,
  textField,
  vendorOfName,
} from '#backend/probe/sighting.ts'
import { displaysOfText, macHardware } from '#backend/probe/sources/macos-text.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

/** `sysctl` values asked for at once; `name: value` lines. */
export const SYSCTL_NAMES: readonly string[] = [
  'hw.memsize',
  'hw.ncpu',
  'hw.physicalcpu',
  'hw.perflevel0.physicalcpu',
  'hw.perflevel0.name',
  'hw.perflevel1.physicalcpu',
  'machdep.cpu.brand_string',
  'iogpu.wired_limit_mb',
  'sysctl.proc_translated',
  'hw.optional.arm.FEAT_DotProd',
  'hw.optional.arm.FEAT_I8MM',
  'hw.optional.arm.FEAT_BF16',
  'hw.optional.arm.FEAT_SME',
]

/** All values any sysctl call printed: `name: value` lines, or one bare value of `sysctl -n name`. */
function sysctlValues(entries: readonly RawEntry[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const entry of entries) {
    if (!/\bsysctl\b/.test(entry.key)) continue
    // `sysctl -n a b` prints the values alone, one a line; an unknown name prints nothing, so counts must agree.
    const names = /sysctl -n (.+?)\s*$/.exec(entry.key)?.[1]?.split(/\s+/) ?? []
    const lines = entry.text.trim().split('\n')
    if (names.length === lines.length)
      names.forEach((name, index) => values.set(name, lines[index]?.trim() ?? ''))
    for (const match of entry.text.matchAll(/^([\w.]+):\s*(?:.*->\s*)?(.*?)\s*$/gm))
      values.set(match[1] ?? '', match[2] ?? '')
  }
  return values
}

function appleGpus(entries: readonly RawEntry[]): readonly Sighting[] {
  const entry = entries.find(
    (candidate) => /system_profiler/.test(candidate.key) && /SPDisplays/.test(candidate.key),
  )
  const [answer] = recordsOf(entry === undefined ? undefined : jsonOf(entry.text))
  const records =
    answer === undefined ? displaysOfText(entry?.text ?? '') : recordsOf(answer['SPDisplaysDataType'])
  return records.flatMap((record) => {
    const name = textField(record, 'sppci_model') ?? textField(record, '_name')
    if (name === null) return []
    const vendor = vendorOfName(`${name} ${textField(record, 'spdisplays_vendor') ?? ''}`)
    const vram = /^(\d+)\s*(MB|GB)$/i.exec(textField(record, 'spdisplays_vram') ?? '')
    const scale = vram?.[2]?.toUpperCase() === 'GB' ? 1024 : 1
    return [
      sighting({
        source: 'system_profiler',
        origin: entry?.key ?? '',
        vendor,
        name,
        gpuCores: numberOf(textField(record, 'sppci_cores') ?? ''),
        memoryBytes: vram === null ? null : mebibytesToBytes(Number(vram[1]) * scale),
        integrated: /builtin/.test(textField(record, 'sppci_bus') ?? '') && vendor === 'Intel' ? true : null,
        unified: vendor === 'Apple' ? true : null,
      }),
    ]
  })
}

/** `vm_stat`: free, inactive, speculative and purgeable pages can be had without swapping. */
function freeBytesOf(entries: readonly RawEntry[]): number | null {
  const text = entries.find((entry) => /^vm_stat\b/.test(entry.key))?.text
  if (text === undefined) return null
  const pageBytes = Number(/page size of (\d+) bytes/.exec(text)?.[1] ?? 0)
  const pages = ['free', 'inactive', 'speculative', 'purgeable'].map((kind) =>
    Number(new RegExp(`^Pages ${kind}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0),
  )
  const bytes = pageBytes * pages.reduce((sum, count) => sum + count, 0)
  return bytes > 0 ? bytes : null
}

const FEATURES: readonly (readonly [string, string])[] = [
  ['FEAT_DotProd', 'dotprod'],
  ['FEAT_I8MM', 'i8mm'],
  ['FEAT_BF16', 'bf16'],
  ['FEAT_SME', 'sme'],
]

function hostReading(values: ReadonlyMap<string, string>, freeBytes: number | null): HostReading | null {
  if (values.size === 0 && freeBytes === null) return null
  const number = (name: string): number | null => numberOf(values.get(name))
  const performance = number('hw.perflevel0.physicalcpu')
  const efficiency = number('hw.perflevel1.physicalcpu')
  const physical = number('hw.physicalcpu') ?? (performance === null ? null : performance + (efficiency ?? 0))
  const apple = /apple/i.test(values.get('machdep.cpu.brand_string') ?? '') || performance !== null
  const features = FEATURES.filter(([flag]) => values.get(`hw.optional.arm.${flag}`) === '1').map(
    ([, name]) => name,
  )
  return {
    source: 'sysctl',
    cpu: {
      name: values.get('machdep.cpu.brand_string') ?? null,
      vendor: apple ? 'Apple' : null,
      physicalCores: physical,
      logicalCores: number('hw.ncpu'),
      performanceCores: performance ?? physical,
      features: apple ? ['neon', ...features] : [],
    },
    memory: { totalBytes: number('hw.memsize'), freeBytes },
  }
}

/** `iogpu.wired_limit_mb` above 0 replaces the default limit; it only speaks about an Apple GPU that was seen. */
function wiredLimitBytes(values: ReadonlyMap<string, string>): number | null {
  const mebibytes = numberOf(values.get('iogpu.wired_limit_mb'))
  return mebibytes === null ? null : mebibytesToBytes(mebibytes)
}

/** Everything macOS says. */
export const parseMacos: Parser = (entries, platform) => {
  if (platform !== 'macos') return {}
  const values = sysctlValues(entries)
  const limit = wiredLimitBytes(values)
  const gpus = appleGpus(entries)
  const limited: readonly Sighting[] =
    limit === null
      ? []
      : [sighting({ source: 'sysctl', origin: 'sysctl', vendor: 'Apple', usableBytes: limit })]
  const reading = hostReading(values, freeBytesOf(entries))
  const hardware = macHardware(entries)
  const overview: readonly HostReading[] =
    hardware === null
      ? []
      : [
          {
            source: 'system_profiler',
            cpu: {
              name: hardware.chip,
              vendor: /apple/i.test(hardware.chip ?? '') ? 'Apple' : null,
              physicalCores: hardware.cores,
              performanceCores: hardware.performanceCores,
            },
            memory: { totalBytes: hardware.totalBytes },
          },
        ]
  const translated = values.get('sysctl.proc_translated') === '1'
  return {
    sightings: [...gpus, ...limited],
    readings: [...(reading === null ? [] : [reading]), ...overview],
    warnings: translated
      ? [
          {
            code: 'rosetta',
            message: 'This Node.js is an x64 build under Rosetta: install the arm64 build to use the GPU',
            source: 'sysctl',
          },
        ]
      : [],
  }
}
