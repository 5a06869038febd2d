import type { SamplingSettings } from '#core/chat/chat-settings.ts'

/** What the header of a GGUF file says, all shards together. */
export interface ModelHeader {
  /** `general.type`: what the file is. */
  readonly kind: 'model' | 'adapter' | 'projector' | 'other'
  /** `general.architecture`. */
  readonly architecture: string
  /** `general.name`; null where the file has none. */
  readonly name: string | null
  /** `general.basename` and the like, for matching. */
  readonly baseName: string | null
  readonly sizeLabel: string | null
  /** Repositories the file says it was made from (`general.source.*`, `general.base_model.*`), "org/name". */
  readonly repositories: readonly string[]
  /** Id of the catalogue's quantization, told by `general.file_type` and the tensors' own types; null where none is like it. */
  readonly quantizationId: string | null
  /** In words where the catalogue has no such quantization: "mostly Q2_K_S". */
  readonly quantizationName: string
  /** Elements of all tensors. */
  readonly parameters: number
  /** Longest context the weights were made for; null where the file does not say. */
  readonly contextTokens: number | null
  readonly license: string | null
  readonly hasChatTemplate: boolean
  /** Sampling the maker recommends (`general.sampling.*`); only what the file says. */
  readonly sampling: Partial<SamplingSettings>
  /** Hyperparameters a shape is told by; null where the file does not say. */
  readonly shape: ModelShape
}

/** The sizes that tell one model's shape from another's. */
export interface ModelShape {
  /** `block_count`, prediction layers included. */
  readonly layers: number | null
  readonly hidden: number | null
  readonly heads: number | null
  readonly kvHeads: number | null
  readonly ffn: number | null
  readonly experts: number | null
  readonly vocabulary: number | null
}
