import type { Backend, Vendor } from '#core/machine/machine.ts'

/** A record of the accelerator table (`data/accelerators.json`). */
export interface AcceleratorSpec {
  /** Stable slug: `nvidia-geforce-rtx-4090`, `apple-m2-max-38`. */
  readonly id: string
  readonly name: string
  readonly aliases: readonly string[]
  /** Aliases that mean other records too; then `tellApartBy` says what decides. */
  readonly sharedAliases: readonly string[]
  readonly tellApartBy: readonly string[]
  readonly vendor: Vendor
  readonly family: string | null
  readonly architecture: string | null
  /** desktop, laptop, workstation, datacenter, embedded, soc (unified, the machine's main device) or igpu. */
  readonly form: string | null
  readonly computeCapability: string | null
  readonly gfxTarget: string | null
  /** Capacity as sold; null where it is the system's RAM or where several capacities are sold under this name. */
  readonly memoryBytes: number | null
  /** Every capacity sold under this name, ascending; empty where it is whatever RAM the system has. */
  readonly memoryOptionsBytes: readonly number[]
  /** What drivers report for it, where that differs from the capacity as sold. */
  readonly driverReportedBytes: number | null
  readonly memoryKind: string | null
  readonly busWidthBits: number | null
  readonly bandwidthBytesPerSecond: number | null
  /** True when the bandwidth is that of the host's RAM (most integrated GPUs). */
  readonly bandwidthFromSystemRam: boolean
  /** With `bandwidthFromSystemRam`: the bandwidth of each usual kind of RAM; the main figure is the best of them. */
  readonly bandwidthOptions: readonly { readonly ram: string; readonly bytesPerSecond: number }[]
  readonly fp32FlopsPerSecond: number | null
  /** Dense fp16 rate of the matrix units (vector units where `fp16Accumulation` says so); null where fp32 is the better path. */
  readonly fp16FlopsPerSecond: number | null
  readonly fp16Accumulation: 'fp32' | 'fp32-half-rate' | 'fp16' | 'vector' | null
  /** How the fp16 rate is known: `marketed` is an upper bound, `recalled` was not read again. */
  readonly fp16Basis: 'published' | 'derived' | 'marketed' | 'recalled' | null
  readonly bf16FlopsPerSecond: number | null
  readonly fp8FlopsPerSecond: number | null
  readonly fp4FlopsPerSecond: number | null
  readonly int8OperationsPerSecond: number | null
  /** Board or package power; the upper end where a range is sold. */
  readonly tdpWatts: number | null
  /** Lower end of the range, null where there is none. */
  readonly tdpLeastWatts: number | null
  readonly pcie: string | null
  readonly interconnect: string | null
  readonly gpuCores: number | null
  /** CPU cores sold with it, where CPU and GPU are one chip. */
  readonly cpuCores: readonly number[]
  readonly unified: boolean
  readonly backends: readonly Backend[]
  /** `10de:2684`, or with a revision, `1002:744c rev c8`. */
  readonly pciIds: readonly string[]
  readonly released: string | null
  readonly note: string | null
  readonly sources: readonly string[]
  readonly asOf: string
  readonly origin: 'shipped' | 'user'
}
