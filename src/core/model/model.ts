/** A model of the catalogue: identity, provenance and the architecture facts every size and speed follows from. */

/** Name of the developer's repository: `Qwen/Qwen3-8B`. */
export type ModelId = string & { readonly __brand?: 'ModelId' }

/** What a model was made for; decides which use cases it suits. */
export type ModelKind = 'chat' | 'reasoning' | 'vision' | 'code' | 'base' | 'embedding'

/** Multi-head latent attention (DeepSeek-V2 and later, Kimi, GLM-DSA). */
export interface LatentAttention {
  readonly kvLoraRank: number
  readonly ropeDimension: number
  readonly queryLoraRank: number | null
  readonly nopeDimension: number
  readonly valueDimension: number
}

/** Recurrent blocks of a hybrid model; state does not grow with the context. */
export interface RecurrentBlocks {
  readonly type: 'gated_deltanet' | 'mamba1' | 'mamba2' | 'short_conv'
  readonly layers: number
  /** Every numeric fact of the block (heads, state size, conv kernel, …) under the names of the type. */
  readonly facts: Readonly<Record<string, number>>
}

/** DeepSeek V4: window plus compressed shared K=V entries. */
export interface CompressedAttention {
  readonly windowOnlyLayers: number
  readonly ratio4Layers: number
  readonly ratio128Layers: number
  readonly indexHeads: number
  readonly indexHeadDimension: number
  readonly indexTopK: number
  readonly queryLoraRank: number
  readonly outputLoraRank: number
  readonly outputGroups: number
  readonly hyperConnections: number
}

/** Chooses which cached tokens sparse attention reads (DeepSeek-V3.2, GLM-5). */
export interface SparseIndexer {
  readonly layers: number
  readonly heads: number
  readonly headDimension: number
  readonly topK: number
}

/** How layers attend, and so what they cache. */
export interface Attention {
  readonly kind: 'full' | 'sliding' | 'hybrid' | 'mla'
  readonly windowTokens: number | null
  /** Every n-th layer attends globally. */
  readonly globalEvery: number | null
  /** Layers whose cache grows with the whole context. */
  readonly fullLayers: number
  readonly latent: LatentAttention | null
  readonly recurrent: RecurrentBlocks | null
  readonly compressed: CompressedAttention | null
  readonly outputGate: boolean
  readonly sinks: boolean
  /** Trailing layers that reuse the cache of an earlier layer. */
  readonly kvSharedLayers: number
  readonly kvSharedHaveWeights: boolean
  readonly globalHeadDimension: number | null
  readonly globalKvHeads: number | null
  readonly globalKEqualsV: boolean
  readonly indexer: SparseIndexer | null
}

/** Routed experts: memory holds all of them, a token reads the active ones. */
export interface MixtureOfExperts {
  readonly experts: number
  readonly activeExperts: number
  readonly sharedExperts: number
  readonly expertFfn: number
  readonly sharedFfn: number | null
  /** Leading layers without experts. */
  readonly denseLayers: number
  /** Layers with experts. */
  readonly layers: number
  /** Every n-th layer has experts: layer i where (i + 1) % every is 0. 1: all after the dense ones. */
  readonly every: number
  readonly expertBias: boolean
  readonly sharedGate: boolean
  readonly latentDimension: number | null
}

/** Embedding tables of every layer (Gemma 3n): looked up, not multiplied. */
export interface PerLayerEmbeddings {
  readonly dimension: number
  readonly vocabulary: number
  readonly laurelRank: number | null
  readonly altupInputs: number | null
}

/** The facts every tensor shape follows from; sizes count elements, not bytes. */
export interface Architecture {
  /** llama.cpp's `general.architecture`; null where llama.cpp has none. */
  readonly gguf: string | null
  readonly layers: number
  readonly hidden: number
  readonly heads: number
  readonly kvHeads: number
  readonly headDimension: number
  readonly ffn: number | null
  readonly vocabulary: number
  /** Longest context the weights were made for, in tokens. */
  readonly contextTokens: number
  readonly tiedEmbeddings: boolean
  readonly gatedFfn: boolean
  readonly qkvBias: boolean
  readonly outputBias: boolean
  readonly ffnBias: boolean
  readonly positionEmbeddings: number | null
  readonly tokenTypes: number | null
  readonly embeddingDimension: number | null
  readonly ffnWideLayers: number
  /** Models whose layers are single blocks (Nemotron-H): how many of each. */
  readonly blockTypes: Readonly<Record<'attention' | 'mamba' | 'mlp' | 'moe', number>> | null
  /**
   * One letter per layer of a hybrid: `M` recurrent, `*` attention, `-` feed-forward, `E` experts. With `blockTypes`
   * the letter is the whole layer, otherwise it names the mixer and a feed-forward follows. Null: `globalEvery` decides.
   */
  readonly layerPattern: string | null
  /** Multi-token-prediction layers that GGUF conversions keep behind the model's own layers. */
  readonly predictionLayers: number
  /** Those layers bring their own copies of embeddings and output head. */
  readonly predictionEmbeddings: boolean
  readonly moe: MixtureOfExperts | null
  readonly attention: Attention
  readonly perLayerEmbeddings: PerLayerEmbeddings | null
}

/** Parameters: `text` leaves out the towers `extra` lists; `published` is what the developer says. */
export interface ModelParameters {
  readonly total: number
  readonly active: number | null
  readonly text: number
  readonly extra: Readonly<Record<string, number>> | null
  readonly published: number
  readonly publishedBasis: string
}

/** A record of the model catalogue: `data/models.json`, or the user's own file. */
export interface Model {
  readonly id: ModelId
  readonly name: string
  readonly developer: string
  readonly family: string
  readonly kind: ModelKind
  /** ISO date, or year and month. */
  readonly released: string
  /** Id into the license table. */
  readonly license: string
  readonly parameters: ModelParameters
  readonly architecture: Architecture
  /** Context the developer recommends, in tokens; ≤ `architecture.contextTokens` where they differ. */
  readonly nativeContextTokens: number
  readonly modalities: readonly string[]
  readonly languages: number | null
  readonly ggufRepository: string | null
  /** Format of the routed experts in the developer's own release, where that is already quantized. */
  readonly releasedExperts: 'MXFP4' | 'INT4' | null
  /** What is uncertain about this record, shown with it. */
  readonly note: string | null
  readonly sources: readonly string[]
  readonly asOf: string
  /** `user`: from the user's own file, shown as theirs. */
  readonly origin: 'shipped' | 'user'
}
