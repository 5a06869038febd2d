import type { DeviceGroup } from '#backend/probe/group-sightings.ts'
import { DRIVER_SOURCES, TRUST_RULE } from '#backend/probe/source-trust.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { Platform, SystemMemory, ValueSource, Vendor } from '#core/machine/machine.ts'

/** Memory of one device as settled, with where the size came from. */
export interface DeviceMemory {
  readonly memoryBytes: number | null
  readonly freeBytes: number | null
  readonly usableBytes: number | null
  readonly source: ValueSource | null
}

export interface DeviceFacts {
  readonly group: DeviceGroup
  readonly candidates: readonly AcceleratorSpec[]
  readonly vendor: Vendor
  readonly unified: boolean
  readonly integrated: boolean
  readonly platform: Platform
  readonly host: SystemMemory
}

/** Less than this is a register window or a broken driver, never the memory of a GPU. */
const LEAST_BYTES = 64 * 1024 ** 2

interface Reported {
  readonly bytes: number
  readonly source: string
}

function reportedSizes(facts: DeviceFacts): readonly Reported[] {
  return facts.group.flatMap(({ memoryBytes, source }) =>
    memoryBytes === null || memoryBytes < LEAST_BYTES ? [] : [{ bytes: memoryBytes, source }],
  )
}

/** Sources within 1 % agree: they differ by firmware reserve and rounding. */
function sourceOf(chosen: Reported, all: readonly Reported[]): ValueSource {
  const others = all.filter(
    (other) => other.source !== chosen.source && Math.abs(other.bytes - chosen.bytes) > chosen.bytes * 0.01,
  )
  return others.length === 0
    ? { source: chosen.source }
    : {
        source: chosen.source,
        rule: TRUST_RULE,
        others: others.map((other) => ({ source: other.source, value: String(other.bytes) })),
      }
}

/**
 * Capacity from the table, only when every record the device can be has the same one. NVIDIA's drivers report the
 * same on Linux and Windows; the smaller figure of AMD's is that of amdgpu on Linux.
 */
function tableBytes(facts: DeviceFacts): number | null {
  const { candidates, platform, vendor } = facts
  const sizes = candidates.map((spec) => {
    const asReported = vendor === 'NVIDIA' || platform === 'linux' ? spec.driverReportedBytes : null
    return spec.memoryOptionsBytes.length > 1 ? null : (asReported ?? spec.memoryBytes)
  })
  const [first] = sizes
  return first !== undefined && first !== null && sizes.every((size) => size === first) ? first : null
}

function fromTable(bytes: number | null): ValueSource | null {
  return bytes === null
    ? null
    : {
        source: 'accelerator table',
        rule: 'estimate: no driver reported the size, taken from the name or PCI id',
      }
}

function firstOf<K extends 'freeBytes' | 'usableBytes' | 'usedBytes' | 'sharedBytes'>(
  group: DeviceGroup,
  field: K,
): number | null {
  return group.map((sighting) => sighting[field]).find((value) => value !== null) ?? null
}

function dedicatedMemory(facts: DeviceFacts): DeviceMemory {
  const sizes = reportedSizes(facts)
  const [chosen] = sizes
  const memoryBytes = chosen?.bytes ?? tableBytes(facts)
  return {
    memoryBytes,
    freeBytes: firstOf(facts.group, 'freeBytes'),
    usableBytes: null,
    source: chosen === undefined ? fromTable(memoryBytes) : sourceOf(chosen, sizes),
  }
}

/** Smallest capacity sold that holds what the system already allows: a limit is never above the memory. */
function leastCapacityAbove(candidates: readonly AcceleratorSpec[], bytes: number): number | null {
  const options = candidates.flatMap((spec) => spec.memoryOptionsBytes).sort((left, right) => left - right)
  return options.find((option) => option >= bytes) ?? null
}

/** What the runtime says is free of the pool; nvidia-smi's figure is of a carve-out. */
function freeOfPool(group: DeviceGroup): number | null {
  return firstOf(
    group.filter((sighting) => sighting.source !== 'nvidia-smi'),
    'freeBytes',
  )
}

/** Apple, GB10, Jetson, Grace-like chips: the pool is the RAM; what their driver calls memory is a part of it. */
function chipMemory(facts: DeviceFacts): DeviceMemory {
  const limit = firstOf(facts.group, 'usableBytes')
  const total = facts.host.totalBytes
  const usableBytes = limit === null ? null : Math.min(limit, total ?? limit)
  const free = [facts.host.freeBytes, freeOfPool(facts.group)].find((value) => value !== null) ?? null
  if (total !== null)
    return {
      memoryBytes: total,
      freeBytes: free,
      usableBytes,
      source: { source: 'system RAM', rule: 'unified: the pool is the RAM' },
    }
  const estimate = tableBytes(facts) ?? (limit === null ? null : leastCapacityAbove(facts.candidates, limit))
  return { memoryBytes: estimate, freeBytes: free, usableBytes, source: fromTable(estimate) }
}

/**
 * Integrated GPUs. With a carve-out from the driver: carve-out plus what the driver maps of system memory (GTT on
 * Linux; half of RAM on Windows, WDDM's shared limit), never more than is installed. Without: all RAM on Linux;
 * on Windows unknown, capped at half of RAM.
 */
function integratedMemory(facts: DeviceFacts): DeviceMemory {
  const { group, host, platform, vendor } = facts
  const carveOut =
    vendor === 'Intel'
      ? undefined
      : reportedSizes({ ...facts, group: group.filter((sighting) => DRIVER_SOURCES.has(sighting.source)) })[0]
  const half = host.limitBytes ?? host.totalBytes
  const windowsShare = platform === 'windows' && half !== null ? Math.floor(half / 2) : null
  const shared = firstOf(group, 'sharedBytes') ?? windowsShare
  const usableBytes = firstOf(group, 'usableBytes') ?? (carveOut === undefined ? windowsShare : null)
  if (carveOut === undefined) {
    const memoryBytes = platform === 'linux' ? host.totalBytes : null
    const source = memoryBytes === null ? null : { source: 'system RAM', rule: 'integrated: shares the RAM' }
    return { memoryBytes, freeBytes: memoryBytes === null ? null : host.freeBytes, usableBytes, source }
  }
  const installed =
    host.totalBytes === null ? null : host.totalBytes + (platform === 'linux' ? carveOut.bytes : 0)
  const pool = carveOut.bytes + (shared ?? 0)
  const memoryBytes = installed === null ? pool : Math.min(pool, installed)
  const used = firstOf(group, 'usedBytes')
  const free = used === null ? firstOf(group, 'freeBytes') : Math.max(0, memoryBytes - used)
  const rule = shared === null ? 'carve-out only' : 'carve-out plus shared memory, at most what is installed'
  return { memoryBytes, freeBytes: free, usableBytes, source: { source: carveOut.source, rule } }
}

/** Settles the memory of a device; unknown stays null, a known cap or register window is no size. */
export function deviceMemory(facts: DeviceFacts): DeviceMemory {
  if (!facts.unified) return dedicatedMemory(facts)
  const ownMemory = facts.candidates.some((spec) => spec.form === 'datacenter')
  if (ownMemory) return dedicatedMemory(facts)
  return facts.integrated ? integratedMemory(facts) : chipMemory(facts)
}
