/**
 * The machine as plain data. Everything that decides (budget, placement, speed, advice) is a function of this
 * record, whether it was scanned here, replayed from a bug report, loaded from a file or made up ("as if").
 * Unknown is `null`, never 0.
 */

/** Operating systems the scan knows. */
export type Platform = 'linux' | 'windows' | 'macos'

/** Who made a device. */
export type Vendor = 'NVIDIA' | 'AMD' | 'Intel' | 'Apple' | 'Qualcomm' | 'other'

/** Inference backends of llama.cpp (and `mlx`, of MLX) that can run on a device. */
export const BACKENDS = ['cuda', 'rocm', 'vulkan', 'metal', 'mlx', 'cpu'] as const
/** One of {@link BACKENDS}. */
export type Backend = (typeof BACKENDS)[number]

/** The operating system, and whether it is itself a guest. */
export interface OperatingSystem {
  readonly platform: Platform
  /** "Debian GNU/Linux 12", "Windows 11 Pro", "macOS 26.1". */
  readonly name: string | null
  readonly version: string | null
  readonly architecture: 'x64' | 'arm64' | 'other'
  /** What stands between this process and the hardware; decides which memory limit holds. */
  readonly virtualization: 'none' | 'container' | 'wsl2' | 'vm' | null
}

/** The processor: what it is and how much of it this process may use. */
export interface Cpu {
  readonly name: string | null
  readonly vendor: string | null
  readonly physicalCores: number | null
  readonly logicalCores: number | null
  /** Fast cores of a hybrid CPU; equals `physicalCores` where all are alike, null where it cannot be told. */
  readonly performanceCores: number | null
  /** Cores this process may really use (CPU affinity and cgroup quota); the upper bound for inference threads. */
  readonly usableCores: number | null
  /** llama.cpp-relevant instruction sets in lower case: avx2, avx512f, avx512_vnni, neon, dotprod, i8mm, … */
  readonly features: readonly string[]
}

/** System RAM in bytes: what there is, what is free, what limits it. */
export interface SystemMemory {
  /** What the operating system sees as installed RAM. */
  readonly totalBytes: number | null
  /** What new allocations can get without swapping (MemAvailable), before any limit. */
  readonly freeBytes: number | null
  /** The smallest limit that really holds (cgroup, WSL2, VM); equals `totalBytes` where nothing limits. */
  readonly limitBytes: number | null
  /** What is used of that limit by its own group (page cache not counted); null or absent where it was not read. */
  readonly limitUsedBytes?: number | null
  /** Theoretical DRAM bandwidth; null when modules cannot be read. */
  readonly bandwidthBytesPerSecond: number | null
}

/** Figures of the accelerator table that speed estimates need; copied in so that a saved machine stands alone. */
export interface AcceleratorPerformance {
  readonly bandwidthBytesPerSecond: number | null
  readonly fp32FlopsPerSecond: number | null
  /** Dense fp16 rate with fp32 accumulation, matrix units where present. */
  readonly fp16FlopsPerSecond: number | null
  /** Chip architecture: "Ada", "RDNA 3", "M4", … */
  readonly architecture: string | null
  readonly family: string | null
  readonly source: string
  readonly asOf: string
}

/** A GPU, or another device models can run on; a MIG slice is a device of its own. */
export interface Accelerator {
  readonly name: string
  readonly vendor: Vendor
  /** All memory the device can address as its own: VRAM, or the pool of a unified device. */
  readonly memoryBytes: number | null
  /** Free now. */
  readonly freeBytes: number | null
  /** OS cap on what the device may use (Metal working set, `iogpu.wired_limit_mb`, GTT limit); null: no known cap. */
  readonly usableBytes: number | null
  /** Shares its memory with the CPU: one pool, counted once. */
  readonly unified: boolean
  readonly integrated: boolean
  readonly usable: boolean
  /** Why not, in words that say what to do; null when usable. */
  readonly unusableReason: string | null
  readonly backends: readonly Backend[]
  /** domain:bus:device.function in lower case, `0000:01:00.0`. */
  readonly pciAddress: string | null
  /** vendor:device in lower case, `10de:2684`. */
  readonly pciId: string | null
  readonly driverVersion: string | null
  /** NVIDIA compute capability, "8.9". */
  readonly computeCapability: string | null
  /** AMD gfx target, "gfx1100". */
  readonly gfxTarget: string | null
  /** "2g.20gb" for a MIG slice, null for a whole device. */
  readonly migProfile: string | null
  /** GPU cores, where they decide the variant (Apple). */
  readonly gpuCores: number | null
  /** Record of the accelerator table this device was identified as. */
  readonly specId: string | null
  readonly performance: AcceleratorPerformance | null
  /** True when a figure of this device was overridden or invented by the user. */
  readonly asIf: boolean
}

/** A mounted file system with its room. */
export interface Disk {
  readonly mount: string
  readonly totalBytes: number | null
  readonly freeBytes: number | null
  /** True for the disk that holds the models' folder. */
  readonly holdsModels: boolean
}

/** Something the user should know, in plain words, with a stable code for tests and scripts. */
export interface MachineWarning {
  readonly code: string
  readonly message: string
  /** The source it came from: `nvidia-smi`, `sysfs`, … */
  readonly source: string | null
}

/** Where a value came from and, if others disagreed, what they said and which rule settled it. */
export interface ValueSource {
  readonly source: string
  readonly rule?: string
  readonly others?: readonly { readonly source: string; readonly value: string }[]
}

/** The whole machine; every plan is a function of it. */
export interface Machine {
  readonly os: OperatingSystem
  readonly cpu: Cpu
  readonly memory: SystemMemory
  readonly accelerators: readonly Accelerator[]
  readonly disks: readonly Disk[]
  /** What the bundled llama.cpp can really use here. */
  readonly backends: readonly Backend[]
  /** By path into this record: `memory.totalBytes`, `accelerators.0.memoryBytes`. */
  readonly sources: Readonly<Record<string, ValueSource>>
  readonly warnings: readonly MachineWarning[]
  /** ISO time of the scan; null for an invented machine. */
  readonly scannedAt: string | null
  /** True when any hardware is invented ("as if"): every face marks it. */
  readonly asIf: boolean
}
