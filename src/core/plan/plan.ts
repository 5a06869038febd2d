import type { Figure, MaybeFigure } from '#core/figure/figure.ts'
import type { Backend, Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'
import type { Engine, KvType, Quantization } from '#core/quant/quantization.ts'

/** What is to run, where: the input of the one function that answers every face (`evaluatePlan`). */
export interface PlanRequest {
  readonly machine: Machine
  readonly model: Model
  readonly quantization: Quantization
  /** Context per user, in tokens. */
  readonly contextTokens: number
  /** Streams at once; each has its own context. */
  readonly users: number
  readonly kvType: KvType
  readonly engine: Engine
  /** Tokens already in the cache when decoding is timed; default: half the context, at most 4096. */
  readonly depthTokens?: number
  /** Layers to keep on accelerators; `auto`: as many as fit. */
  readonly gpuLayers?: number | 'auto'
  /** Force one backend; default: the best the machine has for this engine. */
  readonly backend?: Backend
  readonly flashAttention?: boolean
  /** The user accepts to use the reserve: the budget is then all that is free. */
  readonly useReserve?: boolean
}

/** Where the layers are. */
export type PlacementMode =
  /** Everything on one dedicated accelerator. */
  | 'gpu'
  /** Layers split over several accelerators of one backend. */
  | 'multi-gpu'
  /** All in the pool of a unified device. */
  | 'unified'
  /** Attention and shared tensors on the accelerator, routed experts in RAM. */
  | 'experts-in-ram'
  /** Some layers on accelerators, the rest in RAM. */
  | 'partial'
  /** All in RAM, on the CPU. */
  | 'cpu'

/** Which layers work on which device. */
export interface Placement {
  readonly mode: PlacementMode
  readonly backend: Backend
  /** Repeating layers on accelerators plus one for the output layer, as llama.cpp's --n-gpu-layers counts. */
  readonly gpuLayers: number
  /** Repeating layers plus the output layer. */
  readonly totalLayers: number
  /** Indices into `machine.accelerators`, in the order layers are laid. */
  readonly acceleratorIndices: readonly number[]
}

/**
 * Memory by what it is for. Of a plan: over the pools its layers work in, so that `total` against `budget` says how
 * full they are; a plan whole on cards counts only those cards (what stays in RAM beside them is in `pools`).
 */
export interface MemoryParts {
  readonly weights: Figure
  readonly kvCache: Figure
  readonly compute: Figure
  /** Runtime context, CPU repacking, recurrent state of the slots, … */
  readonly overhead: Figure
  readonly total: Figure
  /** Usable bytes of the pools this plan uses, after the reserve. */
  readonly budget: Figure
}

/** What one memory pool holds under a plan. */
export interface PoolUse {
  /** `gpu:0` (index into `machine.accelerators`) or `ram`. */
  readonly pool: string
  readonly label: string
  readonly layers: number
  readonly memory: MemoryParts
  readonly reserveBytes: number
  /** What the pool has in all, when known. */
  readonly capacityBytes: number | null
  readonly fit: Fit
}

/** `tight`: the estimate fits but its upper bound, or the reserve, does not leave room to spare. */
export type Fit = 'fits' | 'tight' | 'no'

/** Everything known about one plan: where its bytes go, whether it fits, how fast it runs. */
export interface PlanEvaluation {
  readonly modelId: string
  readonly quantizationId: string
  readonly engine: Engine
  readonly contextTokens: number
  readonly users: number
  readonly kvType: KvType
  readonly depthTokens: number
  readonly placement: Placement
  readonly fileBytes: Figure
  readonly memory: MemoryParts
  readonly pools: readonly PoolUse[]
  readonly fit: Fit
  /** Bytes lacking in the fullest pool; 0 when it fits. */
  readonly missingBytes: number
  /** Speed of one stream. */
  readonly decode: MaybeFigure
  readonly prefill: MaybeFigure
  /** Sum of all streams when `users` generate at once. */
  readonly throughput: MaybeFigure
  /** For a prompt of 512 tokens. */
  readonly timeToFirstToken: MaybeFigure
  /** Things to know about this plan, in plain words. */
  readonly notes: readonly string[]
}
