import { groupSightings } from '#backend/probe/group-sightings.ts'
import {
  byUsefulness,
  resolveDevice,
  type ResolveContext,
  type ResolvedDevice,
} from '#backend/probe/resolve-device.ts'
import { resolveHost, type ResolvedHost } from '#backend/probe/resolve-host.ts'
import type { Parsed, Parser, RawEntry, Sighting } from '#backend/probe/sighting.ts'
import { parseAmd } from '#backend/probe/sources/amd.ts'
import { parseHost } from '#backend/probe/sources/host.ts'
import { parseIntel } from '#backend/probe/sources/intel.ts'
import { parseLinuxHost } from '#backend/probe/sources/linux-host.ts'
import { parseLlamaDevices } from '#backend/probe/sources/list-devices.ts'
import { parseMacos } from '#backend/probe/sources/macos.ts'
import { parseNvidiaSmi } from '#backend/probe/sources/nvidia-smi.ts'
import { parsePci } from '#backend/probe/sources/pci.ts'
import { NOT_ASKED, parseRuntime } from '#backend/probe/sources/runtime.ts'
import { parseDeviceTree } from '#backend/probe/sources/small-boards.ts'
import { parseSystemInformation } from '#backend/probe/sources/system-information.ts'
import { parseVulkaninfo } from '#backend/probe/sources/vulkaninfo.ts'
import { parseWindows } from '#backend/probe/sources/windows.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { Backend, Machine, MachineWarning, Platform, ValueSource } from '#core/machine/machine.ts'

const PARSERS: readonly Parser[] = [
  parseNvidiaSmi,
  parsePci,
  parseAmd,
  parseIntel,
  parseVulkaninfo,
  parseLlamaDevices,
  parseRuntime,
  parseWindows,
  parseMacos,
  parseLinuxHost,
  parseDeviceTree,
  parseSystemInformation,
  parseHost,
]

export interface InterpretOptions {
  readonly platform: Platform
  /** The recording's own word for its system; may name WSL or a container. */
  readonly hint: string
  readonly specs: readonly AcceleratorSpec[]
  readonly scannedAt: string | null
}

export interface Interpretation {
  readonly machine: Machine
  /** Entries whose text was not what the tool prints. */
  readonly garbled: readonly { readonly key: string; readonly detail: string }[]
}

/** `cat FILE` and `sudo TOOL` are that file and that tool; texts have one kind of line end. */
function plainEntry({ key, text, exitCode }: RawEntry): RawEntry {
  return {
    key: key.trim().replace(/^(?:sudo\s+|cat\s+(?=\/))+/, ''),
    text: text.replace(/^\uFEFF/, '').replace(/\r+\n/g, '\n'),
    exitCode,
  }
}

/** Intel GPUs from before any runtime's support: HD of every number and the UHD 6xx series. */
const UNSUPPORTED_GPU = /\bHD Graphics\b|\bUHD Graphics 6\d\d\b/i

function isUnsupported(device: ResolvedDevice): boolean {
  const { name, vendor, specId } = device.accelerator
  return vendor === 'Intel' && specId === null && UNSUPPORTED_GPU.test(name)
}

/** The CPU's name only tells of a GPU when nothing else could have listed one. */
function withoutNamesake(sightings: readonly Sighting[]): readonly Sighting[] {
  const others = sightings.filter((sighting) => sighting.source !== 'CPU name')
  return others.length > 0 ? others : sightings
}

/** Windows' registry keeps the keys of cards taken out: where WMI says what is present, it only adds to that. */
function isRemembered(group: readonly Sighting[], all: readonly Sighting[]): boolean {
  return (
    group.every((sighting) => sighting.source === 'registry') &&
    all.some((sighting) => sighting.source === 'WMI')
  )
}

/** A card split into MIG slices is used through its slices. */
function withoutMigParents(sightings: readonly Sighting[]): readonly Sighting[] {
  const slices = sightings.filter((sighting) => sighting.migInstance !== null)
  if (slices.length === 0) return sightings
  const parents = new Set(slices.flatMap((slice) => slice.migParent?.pciAddress ?? []))
  return sightings.filter(
    ({ migInstance, pciAddress, unusableReason }) =>
      migInstance !== null ||
      !(unusableReason?.includes('MIG') === true || (pciAddress !== null && parents.has(pciAddress))),
  )
}

function deviceWarnings(
  devices: readonly ResolvedDevice[],
  unsupported: readonly ResolvedDevice[],
): readonly MachineWarning[] {
  const ignored = unsupported.map(({ accelerator, sources }): MachineWarning => ({
    code: 'gpu-unsupported',
    message: `${accelerator.name} is there, but no inference runtime supports it: the CPU is used`,
    source: sources['name']?.source ?? null,
  }))
  const unusable = devices.flatMap(({ accelerator, sources }): readonly MachineWarning[] =>
    accelerator.unusableReason === null
      ? []
      : [
          {
            code: 'gpu-unusable',
            message: `${accelerator.name}: ${accelerator.unusableReason}`,
            source: sources['name']?.source ?? null,
          },
        ],
  )
  return [...ignored, ...unusable]
}

/** nvidia-smi complained and no card is known: the tool can exist without one, so this is a hint, not a device. */
function driverWarning(
  parsed: readonly Parsed[],
  devices: readonly ResolvedDevice[],
): readonly MachineWarning[] {
  const error = parsed.map((part) => part.nvidiaError).find((text) => text !== undefined)
  if (error === undefined || devices.some((device) => device.accelerator.vendor === 'NVIDIA')) return []
  return [{ code: 'gpu-driver-missing', message: error, source: 'nvidia-smi' }]
}

function uniqueWarnings(warnings: readonly MachineWarning[]): readonly MachineWarning[] {
  return [...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values()]
}

/** What the runtime said, else what the usable devices can run of the builds that are bundled. */
function backendsOf(host: ResolvedHost, devices: readonly ResolvedDevice[]): readonly Backend[] {
  if (host.runtimeBackends !== null) return host.runtimeBackends
  const bundled: readonly Backend[] = ['cuda', 'metal', 'vulkan']
  const usable = devices.filter((device) => device.accelerator.usable)
  return [
    ...bundled.filter((backend) => usable.some((device) => device.accelerator.backends.includes(backend))),
    'cpu',
  ]
}

/** A chip whose RAM no source named: the table's pool is the RAM, shown as taken from there. */
function memoryFromPool(host: ResolvedHost, devices: readonly ResolvedDevice[]): ResolvedHost {
  if (host.memory.totalBytes !== null) return host
  const chip = devices.find(
    ({ accelerator }) => accelerator.unified && !accelerator.integrated && accelerator.memoryBytes !== null,
  )
  const source = chip?.sources['memoryBytes']
  if (chip === undefined || source === undefined) return host
  const totalBytes = chip.accelerator.memoryBytes
  return {
    ...host,
    memory: { ...host.memory, totalBytes, limitBytes: totalBytes },
    sources: { ...host.sources, 'memory.totalBytes': source, 'memory.limitBytes': source },
  }
}

/** A unified chip's CPU reads the same memory: its table bandwidth stands in where the modules cannot be read. */
function withChipBandwidth(host: ResolvedHost, devices: readonly ResolvedDevice[]): ResolvedHost {
  const chip = devices.find(({ accelerator }) => accelerator.unified && !accelerator.integrated)
  const bandwidth = chip?.accelerator.performance?.bandwidthBytesPerSecond ?? null
  if (host.memory.bandwidthBytesPerSecond !== null || bandwidth === null) return host
  return {
    ...host,
    memory: { ...host.memory, bandwidthBytesPerSecond: bandwidth },
    sources: { ...host.sources, 'memory.bandwidthBytesPerSecond': { source: 'accelerator table' } },
  }
}

function resolveDevices(
  parsed: readonly Parsed[],
  host: ResolvedHost,
  options: InterpretOptions,
): readonly ResolvedDevice[] {
  const all = parsed.flatMap((part) => part.sightings ?? [])
  const sightings = withoutMigParents(withoutNamesake(all))
  const context: ResolveContext = {
    platform: options.platform,
    host: host.memory,
    specs: options.specs,
    nvidiaError: parsed.map((part) => part.nvidiaError).find((text) => text !== undefined) ?? null,
    runtimeBackends: host.runtimeBackends,
  }
  return groupSightings(sightings, options.specs)
    .filter((group) => group.some((sighting) => sighting.source !== 'sysctl'))
    .filter((group) => !isRemembered(group, sightings))
    .map((group) => resolveDevice(group, context))
    .toSorted(byUsefulness)
}

function allSources(
  host: ResolvedHost,
  devices: readonly ResolvedDevice[],
): Readonly<Record<string, ValueSource>> {
  const ofDevices = devices.flatMap((device, index) =>
    Object.entries(device.sources).map(
      ([field, source]) => [`accelerators.${index}.${field}`, source] as const,
    ),
  )
  const backends: ValueSource =
    host.runtimeSource === null
      ? { source: 'devices', rule: 'llama.cpp was not asked: what the devices found can run' }
      : host.runtimeSource === NOT_ASKED
        ? { source: NOT_ASKED, rule: 'llama.cpp was not asked: only the CPU can be the answer' }
        : { source: host.runtimeSource }
  return { ...host.sources, ...Object.fromEntries(ofDevices), backends }
}

/** Everything the raw texts of a machine say, as one record. Pure: the same for a scan, a bundle and a sample. */
export function interpret(entries: readonly RawEntry[], options: InterpretOptions): Interpretation {
  const plain = entries.map(plainEntry)
  const parsed = PARSERS.map((parse) => parse(plain, options.platform))
  const readings = parsed.flatMap((part) => part.readings ?? [])
  const bare = resolveHost(readings, options.platform, options.hint)
  const found = resolveDevices(parsed, bare, options)
  const devices = found.filter((device) => !isUnsupported(device))
  const host = withChipBandwidth(memoryFromPool(bare, devices), devices)
  const warnings = uniqueWarnings([
    ...parsed.flatMap((part) => part.warnings ?? []),
    ...driverWarning(parsed, devices),
    ...deviceWarnings(devices, found.filter(isUnsupported)),
  ])
  const machine: Machine = {
    os: host.os,
    cpu: host.cpu,
    memory: host.memory,
    accelerators: devices.map((device) => device.accelerator),
    disks: host.disks,
    backends: backendsOf(host, devices),
    sources: allSources(host, devices),
    warnings,
    scannedAt: options.scannedAt,
    asIf: false,
  }
  return { machine, garbled: parsed.flatMap((part) => part.garbled ?? []) }
}
