import { groupBy } from '#core/lookup/group-by.ts'
import { runtimeOverheadBytes } from '#core/footprint/runtime-overhead.ts'
import { memoryPools, type MemoryPool } from '#core/machine/memory-pools.ts'
import type { Accelerator, Backend, Machine } from '#core/machine/machine.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import type { Engine } from '#core/quant/quantization.ts'
import { deviceSpeed, type DeviceSpeed } from '#core/speed/device-speed.ts'
import { hostSpeed, type HostSpeed } from '#core/speed/host-speed.ts'
import type { AcceleratorBackend, SpeedModel } from '#core/speed/speed-model.ts'

/** One accelerator under one backend, with the pool it fills. */
export interface Device {
  readonly index: number
  readonly accelerator: Accelerator
  readonly pool: MemoryPool
  readonly poolIndex: number
  readonly speed: DeviceSpeed
  /** What the runtime takes on it besides the plan's own buffers. */
  readonly runtimeBytes: number
}

/** Accelerators of one backend that a plan may use together, in machine order. */
export interface DeviceSet {
  readonly backend: AcceleratorBackend
  readonly devices: readonly Device[]
  readonly unified: boolean
}

/** Everything about a machine that placement and speed ask again and again. */
export interface MachineProfile {
  readonly pools: readonly MemoryPool[]
  readonly ramIndex: number
  readonly host: HostSpeed
  /** Sets that may hold a whole model: devices alone, then growing numbers of them. */
  readonly deviceSets: readonly DeviceSet[]
  /** Sets worth using when part of a model stays in RAM: as many devices as can work together. */
  readonly largestSets: readonly DeviceSet[]
  /** All that plans may use, over all pools. */
  readonly budgetBytes: number
  /** Which weights the CPU repacks for its vector units when it runs alone. */
  readonly repacking: 'x86' | 'arm' | 'none'
  /** `machineFingerprint`: tells whether measurements are of this machine. */
  readonly fingerprint: string
}

/** What decides which devices may be used, and how. */
export interface MachineProfileOptions {
  readonly engine: Engine
  readonly backend: Backend | undefined
  readonly useReserve: boolean
  /** Leave accelerators out, as when the CPU backend is forced. */
  readonly cpuOnly: boolean
}

const profiles = new WeakMap<Machine, { key: string; speedModel: SpeedModel; profile: MachineProfile }>()

/** Pools, device sets and speeds of a machine; the last one asked for is kept for each machine. */
export function machineProfile(
  machine: Machine,
  speedModel: SpeedModel,
  options: MachineProfileOptions,
): MachineProfile {
  const key = `${options.engine}/${options.cpuOnly ? 'cpu' : (options.backend ?? 'auto')}/${options.useReserve}`
  const known = profiles.get(machine)
  if (known && known.key === key && known.speedModel === speedModel) return known.profile
  const profile = buildProfile(machine, speedModel, options)
  profiles.set(machine, { key, speedModel, profile })
  return profile
}

function buildProfile(
  machine: Machine,
  speedModel: SpeedModel,
  options: MachineProfileOptions,
): MachineProfile {
  const pools = memoryPools(machine, options)
  const host = hostSpeed(machine, speedModel)
  const ramIndex = pools.findIndex((pool) => pool.id === 'ram')
  const shared = { bytesPerSecond: host.bandwidthBytesPerSecond, guessed: host.guessed }
  const deviceOf = (index: number, backend: AcceleratorBackend): Device => {
    const accelerator = machine.accelerators[index]!
    const poolIndex = pools.findIndex((pool) => pool.acceleratorIndices.includes(index))
    const speed = deviceSpeed(accelerator, backend, speedModel, shared)
    const runtimeBytes = runtimeOverheadBytes(accelerator, backend, options.engine)
    return { index, accelerator, pool: pools[poolIndex]!, poolIndex, speed, runtimeBytes }
  }
  const sets = options.cpuOnly ? [] : deviceSets(machine, options, deviceOf)
  return {
    pools,
    ramIndex,
    host,
    deviceSets: withoutTwins(sets),
    largestSets: largestOf(sets),
    budgetBytes: pools.reduce((sum, pool) => sum + pool.budgetBytes, 0),
    repacking: repackingOf(machine),
    fingerprint: machineFingerprint(machine),
  }
}

/** llama.cpp repacks with AVX2, or with the dot products of ARM; features that are not known are taken to be there. */
function repackingOf(machine: Machine): MachineProfile['repacking'] {
  const { features } = machine.cpu
  const lacks = (wanted: string) => features.length > 0 && !features.includes(wanted)
  if (machine.os.architecture === 'x64') return lacks('avx2') ? 'none' : 'x86'
  return machine.os.architecture === 'arm64' && !lacks('dotprod') ? 'arm' : 'none'
}

/**
 * Sets worth trying: each device alone under its best backend, then the fastest two, three, … of one backend, then
 * all of a mixed machine under Vulkan. Unified devices share one pool and stand alone.
 */
function deviceSets(
  machine: Machine,
  options: MachineProfileOptions,
  deviceOf: (index: number, backend: AcceleratorBackend) => Device,
): readonly DeviceSet[] {
  const devices = machine.accelerators.flatMap((accelerator, index) => {
    const backend = accelerator.usable ? bestBackend(accelerator, machine, options) : null
    return backend === null ? [] : [deviceOf(index, backend)]
  })
  const sets: DeviceSet[] = devices.map((device) => setOf([device]))
  const dedicated = devices.filter((device) => device.pool.kind === 'dedicated')
  const byBackend = groupBy(dedicated, (device) => device.speed.backend)
  for (const group of byBackend.values()) sets.push(...growingSets(group))
  if (byBackend.size > 1 && options.backend === undefined) {
    const mixed = dedicated.filter((device) => mayUse(device.accelerator, 'vulkan', machine, options.engine))
    const underVulkan = mixed.map((device) => deviceOf(device.index, 'vulkan'))
    if (new Set(mixed.map((device) => device.speed.backend)).size > 1) sets.push(...growingSets(underVulkan))
  }
  return sets
}

/** Of equal devices alone only the one with most room: the others say nothing new. */
function withoutTwins(sets: readonly DeviceSet[]): readonly DeviceSet[] {
  const isBeaten = (set: DeviceSet, other: DeviceSet) => {
    const [device, twin] = [set.devices[0]!, other.devices[0]!]
    if (set === other || set.devices.length > 1 || other.devices.length > 1 || set.unified || other.unified)
      return false
    if (device.accelerator.name !== twin.accelerator.name || set.backend !== other.backend) return false
    const more = twin.pool.deviceBudgetBytes - device.pool.deviceBudgetBytes
    return more > 0 || (more === 0 && twin.index < device.index)
  }
  return sets.filter((set) => !sets.some((other) => isBeaten(set, other)))
}

/** Sets that no other set of the same backend contains. */
function largestOf(sets: readonly DeviceSet[]): readonly DeviceSet[] {
  return sets.filter((set) => {
    const contains = (other: DeviceSet) =>
      other.backend === set.backend &&
      other.devices.length > set.devices.length &&
      set.devices.every((device) => other.devices.some((each) => each.index === device.index))
    return !sets.some(contains)
  })
}

function setOf(devices: readonly Device[]): DeviceSet {
  const [first] = devices
  return { backend: first!.speed.backend, devices, unified: first!.pool.kind === 'unified' }
}

/** The fastest two, the fastest three, … of devices that can work together. */
function growingSets(devices: readonly Device[]): readonly DeviceSet[] {
  const fastestFirst = devices.toSorted((a, b) => reachedBandwidth(b) - reachedBandwidth(a))
  return fastestFirst.slice(1).map((_, last) => {
    const chosen = fastestFirst.slice(0, last + 2)
    return setOf(chosen.toSorted((a, b) => a.index - b.index))
  })
}

function reachedBandwidth(device: Device): number {
  return device.speed.decode.bandwidthShare * (device.speed.bandwidthBytesPerSecond ?? 0)
}

const BACKENDS_OF_ENGINE: Readonly<Record<Engine, readonly AcceleratorBackend[]>> = {
  'llama.cpp': ['cuda', 'metal', 'vulkan', 'rocm'],
  ollama: ['cuda', 'metal', 'rocm', 'vulkan'],
  mlx: ['mlx'],
  vllm: ['cuda', 'rocm'],
}

/** First of the engine's backends (best first) that the device and the machine offer. */
function bestBackend(
  accelerator: Accelerator,
  machine: Machine,
  options: MachineProfileOptions,
): AcceleratorBackend | null {
  const offered = BACKENDS_OF_ENGINE[options.engine].filter((backend) =>
    mayUse(accelerator, backend, machine, options.engine),
  )
  if (options.backend !== undefined) return offered.find((backend) => backend === options.backend) ?? null
  return offered[0] ?? null
}

/**
 * True where the device offers the backend, and for llama.cpp the bundled build has it. Where that build has none of
 * the device's backends, the device's own list stands: another build can be installed.
 */
function mayUse(
  accelerator: Accelerator,
  backend: AcceleratorBackend,
  machine: Machine,
  engine: Engine,
): boolean {
  if (!BACKENDS_OF_ENGINE[engine].includes(backend) || !accelerator.backends.includes(backend)) return false
  if (engine !== 'llama.cpp' || machine.asIf) return true
  const bundled = accelerator.backends.filter(
    (offered) => offered !== 'cpu' && machine.backends.includes(offered),
  )
  return bundled.length === 0 || bundled.includes(backend)
}
