import { gibibytesToBytes, mebibytesToBytes } from '#core/units/units.ts'
import type { Accelerator, Backend, Machine } from '#core/machine/machine.ts'

/** Memory that can be filled by a plan, counted once however many devices share it. */
export interface MemoryPool {
  /** `gpu:0` (index into `machine.accelerators`) for memory of its own; `ram` for system memory and every unified device sharing it. */
  readonly id: string
  readonly kind: 'dedicated' | 'unified' | 'ram'
  readonly label: string
  /** Usable accelerators that draw on it. */
  readonly acceleratorIndices: readonly number[]
  readonly capacityBytes: number | null
  readonly freeBytes: number | null
  /** Kept free for others; 0 when the user accepts to use the reserve. */
  readonly reserveBytes: number
  /** What a plan may take. */
  readonly budgetBytes: number
  /** What accelerators may take of it: less than `budgetBytes` where the operating system caps them. */
  readonly deviceBudgetBytes: number
  readonly backends: readonly Backend[]
  /** What had to be assumed, in plain words. */
  readonly assumptions: readonly string[]
}

/** How memory pools are made; `useReserve` gives up the reserve. */
export interface MemoryPoolOptions {
  readonly useReserve: boolean
}

/**
 * Every memory pool of the machine: one per usable accelerator (or MIG slice) with memory of its own, then system
 * memory. A unified device has no pool of its own: it draws on `ram`. Budgets start from what is free now.
 * Unlike devices are never summed.
 */
export function memoryPools(machine: Machine, options: MemoryPoolOptions): readonly MemoryPool[] {
  const pools: MemoryPool[] = []
  const sharing: number[] = []
  machine.accelerators.forEach((accelerator, index) => {
    if (!accelerator.usable) return
    if (sharesSystemMemory(accelerator, machine)) sharing.push(index)
    else pools.push(dedicatedPool(accelerator, index, machine, options))
  })
  pools.push(systemPool(machine, sharing, options))
  return pools
}

/**
 * True where the device lives in system memory. A firmware carve-out larger than what the operating system sees
 * (Strix Halo with 96 of 128 GiB given to the GPU) is memory of its own: the system cannot use it.
 */
function sharesSystemMemory(accelerator: Accelerator, machine: Machine): boolean {
  if (!accelerator.unified) return false
  const total = machine.memory.totalBytes
  return total === null || accelerator.memoryBytes === null || accelerator.memoryBytes <= total * 1.1
}

function dedicatedPool(
  accelerator: Accelerator,
  index: number,
  machine: Machine,
  options: MemoryPoolOptions,
): MemoryPool {
  const assumptions: string[] = []
  const capacity = accelerator.memoryBytes ?? accelerator.freeBytes
  if (capacity === null)
    assumptions.push(`The memory of ${accelerator.name} is not known: nothing is planned on it.`)
  else if (accelerator.freeBytes === null)
    assumptions.push(`Free memory of ${accelerator.name} is not known: assumed that nothing else uses it.`)
  const reserveBytes = options.useReserve ? 0 : deviceReserveBytes(capacity ?? 0, machine)
  const free = Math.min(accelerator.freeBytes ?? capacity ?? 0, accelerator.usableBytes ?? Infinity)
  const budgetBytes = Math.max(0, free - reserveBytes)
  return {
    id: `gpu:${index}`,
    kind: 'dedicated',
    label: accelerator.name,
    acceleratorIndices: [index],
    capacityBytes: capacity,
    freeBytes: accelerator.freeBytes,
    reserveBytes,
    budgetBytes,
    deviceBudgetBytes: budgetBytes,
    backends: accelerator.backends,
    assumptions,
  }
}

/**
 * Device memory kept free: 2 % for allocator fragmentation and what other programs take meanwhile, at least
 * 256 MiB; 512 MiB on Windows, where every open window lives there too. The CUDA context is no reserve: it is part
 * of the plan's overhead.
 */
function deviceReserveBytes(capacityBytes: number, machine: Machine): number {
  const least = mebibytesToBytes(machine.os.platform === 'windows' ? 512 : 256)
  return Math.min(capacityBytes, Math.max(least, capacityBytes * 0.02))
}

/**
 * System memory kept free so that the operating system need not swap: 10 %, between 512 MiB and 8 GiB. Where free
 * memory is unknown (an invented machine) at least 2 GiB, because the system itself is then still to be counted.
 */
function systemReserveBytes(capacityBytes: number, freeKnown: boolean): number {
  const least = freeKnown ? mebibytesToBytes(512) : gibibytesToBytes(2)
  return Math.min(capacityBytes, Math.max(least, Math.min(gibibytesToBytes(8), capacityBytes * 0.1)))
}

function systemPool(machine: Machine, sharing: readonly number[], options: MemoryPoolOptions): MemoryPool {
  const devices = sharing.map((index) => machine.accelerators[index]!)
  const assumptions: string[] = []
  const capacity = systemCapacityBytes(machine, devices)
  const freeBytes = systemFreeBytes(machine, devices)
  if (capacity === null) assumptions.push('System memory is not known: nothing is planned in it.')
  else if (freeBytes === null)
    assumptions.push(
      'Free system memory is not known: assumed to be all but what the operating system keeps.',
    )
  const reserveBytes = options.useReserve ? 0 : systemReserveBytes(capacity ?? 0, freeBytes !== null)
  const free = Math.min(freeBytes ?? capacity ?? 0, capacity ?? 0)
  const budgetBytes = Math.max(0, free - reserveBytes)
  return {
    id: 'ram',
    kind: devices.length > 0 ? 'unified' : 'ram',
    label:
      devices.length > 0
        ? `${devices.map((device) => device.name).join(', ')} and system memory`
        : 'System memory',
    acceleratorIndices: sharing,
    capacityBytes: capacity,
    freeBytes,
    reserveBytes,
    budgetBytes,
    deviceBudgetBytes: Math.min(budgetBytes, largestDeviceCap(devices, capacity ?? 0, assumptions)),
    backends: [...new Set([...devices.flatMap((device) => device.backends), 'cpu' as const])],
    assumptions,
  }
}

/** What the system has, after the limit that really holds; a unified device's figure stands in where RAM is unknown. */
function systemCapacityBytes(machine: Machine, devices: readonly Accelerator[]): number | null {
  const { totalBytes, limitBytes } = machine.memory
  const known = [totalBytes, limitBytes].filter((bytes) => bytes !== null)
  if (known.length > 0) return Math.min(...known)
  const ofDevices = devices.map((device) => device.memoryBytes).filter((bytes) => bytes !== null)
  return ofDevices.length > 0 ? Math.max(...ofDevices) : null
}

/** Free now: MemAvailable, and what the limit (cgroup, WSL2, VM) leaves where one holds. */
function systemFreeBytes(machine: Machine, devices: readonly Accelerator[]): number | null {
  const { freeBytes, limitBytes, limitUsedBytes } = machine.memory
  const leftOfLimit = limitBytes === null ? Infinity : limitBytes - (limitUsedBytes ?? 0)
  if (freeBytes !== null) return Math.max(0, Math.min(freeBytes, leftOfLimit))
  if (limitUsedBytes !== null && limitUsedBytes !== undefined && limitBytes !== null)
    return Math.max(0, leftOfLimit)
  const ofDevices = devices.map((device) => device.freeBytes).filter((bytes) => bytes !== null)
  return machine.memory.totalBytes === null && ofDevices.length > 0 ? Math.max(...ofDevices) : null
}

function largestDeviceCap(
  devices: readonly Accelerator[],
  capacityBytes: number,
  assumptions: string[],
): number {
  if (devices.length === 0) return 0
  return Math.max(...devices.map((device) => deviceCapBytes(device, capacityBytes, assumptions)))
}

/**
 * What the operating system lets a unified device use. Defaults where no cap was read: Metal's recommended working
 * set is about two thirds of memory up to 36 GiB and three quarters above (Apple, `recommendedMaxWorkingSetSize`);
 * NVIDIA's unified devices (GB10, Jetson) address all of it; others get half, the usual driver default (GTT, WDDM).
 */
function deviceCapBytes(device: Accelerator, capacityBytes: number, assumptions: string[]): number {
  if (device.usableBytes !== null) return device.usableBytes
  if (device.vendor === 'Apple') {
    assumptions.push('The Metal limit was not read: assumed to be the default working set.')
    return capacityBytes * (capacityBytes <= gibibytesToBytes(36) ? 2 / 3 : 3 / 4)
  }
  if (device.vendor === 'NVIDIA') return capacityBytes
  if (device.memoryBytes !== null) return device.memoryBytes
  assumptions.push(`How much memory ${device.name} may use was not read: assumed to be half.`)
  return capacityBytes / 2
}
