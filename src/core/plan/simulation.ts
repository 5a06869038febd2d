import type { Backend } from '#core/machine/machine.ts'
import type { KvType } from '#core/quant/quantization.ts'

/**
 * What llama.cpp's own allocator asks for, found by giving it a file that has a real header and no weights. Bytes; all
 * accelerators together, because it tells them apart only in host and device memory.
 */
export interface Simulation {
  readonly modelId: string
  readonly quantizationId: string
  readonly contextTokens: number
  readonly users: number
  readonly kvType: KvType
  readonly flashAttention: boolean
  readonly backend: Backend
  /** Layers on accelerators, as --n-gpu-layers counts. */
  readonly gpuLayers: number
  readonly host: SimulatedMemory
  readonly device: SimulatedMemory
  /** Release of llama.cpp that was asked, "v0.5.0". */
  readonly engineRelease: string
  /** Time the answer took, in seconds; 0 from the cache. */
  readonly seconds: number
}

/** Memory of one kind. */
export interface SimulatedMemory {
  readonly weightsBytes: number
  /** KV cache, recurrent state and compute buffers together. */
  readonly contextBytes: number
}
