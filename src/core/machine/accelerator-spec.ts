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
  readonly form: string | null
  readonly computeCapability: string | null
  readonly gfxTarget: string | null
  /** Capacity as sold; null where it is the system's RAM. */
  readonly memoryBytes: number | null
  /** What drivers report for it, where that differs from the capacity as sold. */
  readonly driverReportedBytes: number | null
  readonly memoryKind: string | null
  readonly bandwidthBytesPerSecond: number | null
  /** True when the bandwidth is that of the host's RAM (most integrated GPUs). */
  readonly bandwidthFromSystemRam: boolean
  readonly fp32FlopsPerSecond: number | null
  readonly fp16FlopsPerSecond: number | null
  readonly tdpWatts: number | null
  readonly gpuCores: number | null
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
