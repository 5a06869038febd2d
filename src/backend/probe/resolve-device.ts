import { deviceMemory, type DeviceFacts } from '#backend/probe/device-memory.ts'
import { deviceName } from '#backend/probe/device-name.ts'
import { firstSaid, vendorOf } from '#backend/probe/group-facts.ts'
import type { DeviceGroup } from '#backend/probe/group-sightings.ts'
import { isGenericName } from '#core/machine/accelerator-name.ts'
import { performanceOf, sharedValue } from '#core/machine/accelerator-performance.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import { acceleratorCandidates, holdsCapacity } from '#core/machine/identify-accelerator.ts'
import type {
  Accelerator,
  AcceleratorPerformance,
  Backend,
  Platform,
  SystemMemory,
  ValueSource,
  Vendor,
} from '#core/machine/machine.ts'

export interface ResolveContext {
  readonly platform: Platform
  readonly host: SystemMemory
  readonly specs: readonly AcceleratorSpec[]
  readonly nvidiaError: string | null
  /** What the bundled llama.cpp can use; null when it was not asked. */
  readonly runtimeBackends: readonly Backend[] | null
}

export interface ResolvedDevice {
  readonly accelerator: Accelerator
  /** By field of the accelerator. */
  readonly sources: Readonly<Record<string, ValueSource>>
}

/** Boards of one chip (Jetson Orin of 8 to 64 GB) differ by the RAM, which is their memory. */
function ofPoolSize(
  candidates: readonly AcceleratorSpec[],
  { totalBytes }: SystemMemory,
): readonly AcceleratorSpec[] {
  const isBoard = (spec: AcceleratorSpec): boolean => spec.unified && spec.form === 'soc'
  if (candidates.length < 2 || totalBytes === null || !candidates.every(isBoard)) return candidates
  const fitting = candidates.filter((spec) => holdsCapacity(spec, totalBytes))
  return fitting.length > 0 ? fitting : candidates
}

/** The records all that is known of the device together allows; most telling name first. */
function candidatesOf(group: DeviceGroup, context: ResolveContext): readonly AcceleratorSpec[] {
  const named = [...group]
    .filter((sighting) => sighting.name !== null)
    .sort((left, right) => Number(isGenericName(left.name ?? '')) - Number(isGenericName(right.name ?? '')))
  const seen = {
    name: null,
    vendor: vendorOf(group),
    pciId: firstSaid(group, 'pciId'),
    revision: firstSaid(group, 'revision'),
    memoryBytes: firstSaid(group, 'memoryBytes'),
    gpuCores: firstSaid(group, 'gpuCores'),
    gfxTarget: firstSaid(group, 'gfxTarget'),
  }
  const sets = [...named.map((sighting) => sighting.name), ...(named.length === 0 ? [null] : [])].map(
    (name) => acceleratorCandidates({ ...seen, name }, context.specs),
  )
  const found = sets.filter((set) => set.length > 0)
  return ofPoolSize(found.sort((left, right) => left.length - right.length)[0] ?? [], context.host)
}

/** AMD's driver calls every APU without a model number "AMD Radeon(TM) Graphics". */
function isApuName(group: DeviceGroup): boolean {
  return group.some((sighting) =>
    /^AMD Radeon(?:\(TM\))? (?:(?:\d{3}M|\d{4}S) )?Graphics$/i.test(sighting.name ?? ''),
  )
}

/** Intel's cards are all called Arc A or B with a number, Flex or Max; every other name is a part of a CPU. */
function isIntegratedIntel(group: DeviceGroup): boolean {
  const name = firstSaid(group, 'name')
  const isCard = /\barc\b.*\b[ab]\d{2,3}m?\b|data center gpu|\bflex \d|\bmax 1\d{3}/i.test(name ?? '')
  return vendorOf(group) === 'Intel' && name !== null && !isCard
}

function integratedOf(group: DeviceGroup, candidates: readonly AcceleratorSpec[]): boolean {
  const form = sharedValue(candidates, (spec) => (spec.form === 'igpu' ? 'igpu' : 'other'))
  if (form !== null) return form === 'igpu'
  const said = firstSaid(group, 'integrated')
  if (said !== null) return said
  const carveOut = firstSaid(group, 'memoryBytes')
  const shared = firstSaid(group, 'sharedBytes')
  const apuMemory = carveOut !== null && shared !== null && shared > carveOut * 4
  return apuMemory || isApuName(group) || isIntegratedIntel(group)
}

function unifiedOf(group: DeviceGroup, candidates: readonly AcceleratorSpec[], integrated: boolean): boolean {
  const table = sharedValue(candidates, (spec) => spec.unified)
  return table ?? (integrated || firstSaid(group, 'unified') === true || vendorOf(group) === 'Apple')
}

const DEFAULT_BACKENDS: Readonly<Record<Vendor, readonly Backend[]>> = {
  NVIDIA: ['cuda', 'vulkan'],
  AMD: ['vulkan'],
  Intel: ['vulkan'],
  Apple: ['metal', 'mlx'],
  Qualcomm: ['vulkan'],
  other: ['vulkan'],
}

function backendsOf(
  group: DeviceGroup,
  candidates: readonly AcceleratorSpec[],
  runtime: readonly Backend[] | null,
): readonly Backend[] {
  const known = new Set(candidates.flatMap((spec) => spec.backends))
  known.delete('cpu')
  const listed = group.flatMap((sighting) => sighting.backends ?? [])
  const own = known.size > 0 ? [...known] : DEFAULT_BACKENDS[vendorOf(group)]
  const usableHere = (backend: Backend): boolean => runtime?.includes(backend) === true
  return [...new Set([...listed, ...own.filter(usableHere), ...own])]
}

const DRIVER_ADVICE: Readonly<Record<string, string>> = {
  nouveau: "The nouveau driver is bound to it: install NVIDIA's own driver to use it",
  'vfio-pci': 'It is reserved for a virtual machine (vfio-pci): unbind it to use it here',
  'pci-stub': 'It is reserved for a virtual machine (pci-stub): unbind it to use it here',
}

function unusableReasonOf(
  group: DeviceGroup,
  backends: readonly Backend[],
  context: ResolveContext,
): string | null {
  const said = firstSaid(group, 'unusableReason')
  if (said !== null) return said
  const listedByRuntime = group.some((sighting) => sighting.source === 'llama.cpp')
  if (listedByRuntime) return null
  const driver = firstSaid(group, 'kernelDriver')
  const advice = driver === null ? undefined : DRIVER_ADVICE[driver]
  if (advice !== undefined) return advice
  const seenByTool = group.some((sighting) => sighting.source === 'nvidia-smi')
  if (vendorOf(group) === 'NVIDIA' && !seenByTool && context.nvidiaError !== null) return context.nvidiaError
  const runtime = context.runtimeBackends
  if (runtime !== null && !backends.some((backend) => runtime.includes(backend)))
    return 'The bundled llama.cpp finds no way to use it: install or update its driver (CUDA or Vulkan)'
  return null
}

/** Memory of a MIG card is cut into eighths, its compute into sevenths (NVIDIA MIG user guide). */
const MIG_MEMORY_SLICES = 8
const MIG_COMPUTE_SLICES = 7

/** A slice has its share of the card's bandwidth by memory and of its rates by compute; unknown card, unknown speed. */
function slicePerformance(group: DeviceGroup, { specs }: ResolveContext): AcceleratorPerformance | null {
  const parent = firstSaid(group, 'migParent')
  const bytes = firstSaid(group, 'memoryBytes')
  const computeSlices = Number(/^(\d)g\./.exec(firstSaid(group, 'migProfile') ?? '')?.[1] ?? Number.NaN)
  if (parent === null || bytes === null) return null
  const seen = {
    name: parent.name,
    vendor: 'NVIDIA' as const,
    pciId: null,
    revision: null,
    memoryBytes: null,
    gpuCores: null,
  }
  const candidates = acceleratorCandidates(seen, specs)
  const card = performanceOf(candidates)
  const capacity = sharedValue(candidates, (spec) => spec.memoryBytes)
  if (card === null || capacity === null) return null
  const memoryShare = Math.max(1, Math.round((bytes / capacity) * MIG_MEMORY_SLICES)) / MIG_MEMORY_SLICES
  const part = (value: number | null, share: number): number | null =>
    value === null || Number.isNaN(share) ? null : value * share
  return {
    ...card,
    bandwidthBytesPerSecond: part(card.bandwidthBytesPerSecond, memoryShare),
    fp32FlopsPerSecond: part(card.fp32FlopsPerSecond, computeSlices / MIG_COMPUTE_SLICES),
    fp16FlopsPerSecond: part(card.fp16FlopsPerSecond, computeSlices / MIG_COMPUTE_SLICES),
  }
}

/** A GPU that reads the system's RAM is as fast as the RAM found, where that could be read; else the table's best case. */
function performanceHere(
  candidates: readonly AcceleratorSpec[],
  host: SystemMemory,
): AcceleratorPerformance | null {
  const performance = performanceOf(candidates)
  const readsRam = candidates.length > 0 && candidates.every((spec) => spec.bandwidthFromSystemRam)
  if (performance === null || !readsRam || host.bandwidthBytesPerSecond === null) return performance
  return { ...performance, bandwidthBytesPerSecond: host.bandwidthBytesPerSecond }
}

/** One device out of everything said about it. */
export function resolveDevice(group: DeviceGroup, context: ResolveContext): ResolvedDevice {
  const candidates = candidatesOf(group, context)
  const vendor = vendorOf(group)
  const integrated = integratedOf(group, candidates)
  const unified = unifiedOf(group, candidates, integrated)
  const facts: DeviceFacts = {
    group,
    candidates,
    vendor,
    unified,
    integrated,
    platform: context.platform,
    host: context.host,
  }
  const memory = deviceMemory(facts)
  const backends = backendsOf(group, candidates, context.runtimeBackends)
  const unusableReason = unusableReasonOf(group, backends, context)
  const spec = candidates.length === 1 ? candidates[0] : undefined
  const isSlice = firstSaid(group, 'migInstance') !== null
  const accelerator: Accelerator = {
    name: deviceName(group, candidates, integrated),
    vendor,
    memoryBytes: memory.memoryBytes,
    freeBytes: memory.freeBytes,
    usableBytes: memory.usableBytes,
    unified,
    integrated,
    usable: unusableReason === null,
    unusableReason,
    backends,
    pciAddress: firstSaid(group, 'pciAddress'),
    pciId: firstSaid(group, 'pciId'),
    driverVersion: firstSaid(group, 'driverVersion'),
    computeCapability:
      firstSaid(group, 'computeCapability') ?? sharedValue(candidates, (record) => record.computeCapability),
    gfxTarget: firstSaid(group, 'gfxTarget') ?? sharedValue(candidates, (record) => record.gfxTarget),
    migProfile: firstSaid(group, 'migProfile'),
    gpuCores: firstSaid(group, 'gpuCores') ?? sharedValue(candidates, (record) => record.gpuCores),
    specId: isSlice ? null : (spec?.id ?? null),
    performance: isSlice ? slicePerformance(group, context) : performanceHere(candidates, context.host),
    asIf: false,
  }
  const free = group.find((sighting) => sighting.freeBytes !== null)
  return {
    accelerator,
    sources: {
      name: { source: group[0]?.source ?? 'unknown' },
      ...(memory.source === null ? {} : { memoryBytes: memory.source }),
      ...(memory.freeBytes === null
        ? {}
        : {
            freeBytes: {
              source: unified && free === undefined ? 'system RAM' : (free?.source ?? 'system RAM'),
            },
          }),
    },
  }
}

function orderOf(accelerator: Accelerator): readonly number[] {
  return [
    accelerator.usable ? 0 : 1,
    accelerator.integrated ? 2 : accelerator.unified ? 1 : 0,
    -(accelerator.performance?.bandwidthBytesPerSecond ?? 0),
    -(accelerator.memoryBytes ?? 0),
  ]
}

/** Best first: usable before unusable, memory of its own before shared, then bandwidth, then size. */
export function byUsefulness(left: ResolvedDevice, right: ResolvedDevice): number {
  const leftOrder = orderOf(left.accelerator)
  const rightOrder = orderOf(right.accelerator)
  for (const [index, value] of leftOrder.entries()) {
    const difference = value - (rightOrder[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
