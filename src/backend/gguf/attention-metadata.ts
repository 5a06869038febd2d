import { HEADS_TELL_RECURRENT, ggufName, layersOf } from '#backend/gguf/architecture-keys.ts'
import { bools, float32, int32s, uint32, type MetadataEntry } from '#backend/gguf/metadata-entry.ts'
import { hasWindowedCache } from '#core/footprint/cache-kinds.ts'
import type { Architecture, LatentAttention } from '#core/model/model.ts'

function keyValueHeads(architecture: Architecture, prefix: string): MetadataEntry {
  const { attention, kvHeads } = architecture
  const key = `${prefix}.attention.head_count_kv`
  const layers = layersOf(architecture)
  if (HEADS_TELL_RECURRENT.has(prefix))
    return int32s(
      key,
      layers.map((layer) => (layer.mixer === 'attention' ? kvHeads : 0)),
    )
  const { globalKvHeads } = attention
  if (globalKvHeads !== null)
    return int32s(
      key,
      layers.map((layer) => (layer.global ? globalKvHeads : kvHeads)),
    )
  // Latent attention works as multi-query attention over one latent row (conversion/deepseek.py).
  return uint32(key, attention.latent === null ? kvHeads : 1)
}

function headLengths(architecture: Architecture, prefix: string): readonly MetadataEntry[] {
  const { attention, headDimension } = architecture
  const { globalHeadDimension, latent } = attention
  const key = `${prefix}.attention.key_length`
  const value = `${prefix}.attention.value_length`
  if (latent !== null)
    return [
      uint32(key, latent.kvLoraRank + latent.ropeDimension),
      uint32(value, latent.kvLoraRank),
      uint32(`${key}_mla`, latent.nopeDimension + latent.ropeDimension),
      uint32(`${value}_mla`, latent.valueDimension),
    ]
  const entries = [
    uint32(key, globalHeadDimension ?? headDimension),
    uint32(value, globalHeadDimension ?? headDimension),
  ]
  if (globalHeadDimension === null) return entries
  return [...entries, uint32(`${key}_swa`, headDimension), uint32(`${value}_swa`, headDimension)]
}

/**
 * Share of each head that is rotated, where it is not all of it (`partial_rotary_factor` of the configurations;
 * MiniMax-M2 `rotary_dim` 64 of 128, GPT-NeoX `rotary_pct`).
 */
const ROTATED_SHARE: Readonly<Record<string, number>> = {
  gptneox: 0.25,
  glm4moe: 0.5,
  'minimax-m2': 0.5,
  qwen3next: 0.25,
  qwen35: 0.25,
  qwen35moe: 0.25,
}

/** DeepSeek V4: `qk_rope_head_dim` of both configurations. */
const COMPRESSED_ROTATED = 64

/** Phi-4-mini rotates three quarters of its heads; the other models of its architecture name all of them. */
function rotatedShare({ gguf, heads, headDimension }: Architecture): number {
  if (gguf === 'phi3' && heads === 24 && headDimension === 128) return 0.75
  return ROTATED_SHARE[gguf ?? ''] ?? 1
}

/** No rotation: ALiBi (Bloom), learned positions (BERT), none at all (Jamba). */
const UNROTATED: ReadonlySet<string> = new Set(['bloom', 'bert', 'jamba'])

/** How Qwen3.5 splits the rotated part over text, height and width (conversion/qwen.py). */
const MROPE_SECTIONS = [11, 11, 10, 0]

function rotation(architecture: Architecture, prefix: string): readonly MetadataEntry[] {
  if (UNROTATED.has(prefix)) return []
  const { attention, headDimension } = architecture
  const key = `${prefix}.rope.dimension_count`
  if (attention.latent !== null) return [uint32(key, attention.latent.ropeDimension)]
  if (attention.compressed !== null) return [uint32(key, COMPRESSED_ROTATED)]
  if (attention.globalHeadDimension !== null)
    return [uint32(key, attention.globalHeadDimension), uint32(`${key}_swa`, headDimension)]
  const entries = [uint32(key, Math.round(headDimension * rotatedShare(architecture)))]
  if (prefix === 'qwen35' || prefix === 'qwen35moe')
    entries.push(int32s(`${prefix}.rope.dimension_sections`, MROPE_SECTIONS))
  return entries
}

/**
 * The pattern is written layer by layer: loaders would otherwise assume one. DeepSeek V4's loader takes every layer for
 * windowed and reads no pattern.
 */
function window(architecture: Architecture, prefix: string): readonly MetadataEntry[] {
  const { attention } = architecture
  if (attention.windowTokens === null || !hasWindowedCache(architecture)) return []
  const size = uint32(`${prefix}.attention.sliding_window`, attention.windowTokens)
  if (attention.compressed !== null) return [size]
  const windowed = layersOf(architecture).map((layer) => !layer.global)
  return [size, bools(`${prefix}.attention.sliding_window_pattern`, windowed)]
}

function latentRanks(latent: LatentAttention | null, prefix: string): readonly MetadataEntry[] {
  if (latent === null) return []
  return [
    ...(latent.queryLoraRank === null
      ? []
      : [uint32(`${prefix}.attention.q_lora_rank`, latent.queryLoraRank)]),
    uint32(`${prefix}.attention.kv_lora_rank`, latent.kvLoraRank),
  ]
}

function indexer(prefix: string, heads: number, keyLength: number, topK: number): readonly MetadataEntry[] {
  return [
    uint32(`${prefix}.attention.indexer.head_count`, heads),
    uint32(`${prefix}.attention.indexer.key_length`, keyLength),
    uint32(`${prefix}.attention.indexer.top_k`, topK),
  ]
}

/** DeepSeek V4 (src/models/deepseek4.cpp): ranks and groups of the configuration; constants of its code as published. */
function compressed(architecture: Architecture, prefix: string): readonly MetadataEntry[] {
  const facts = architecture.attention.compressed
  if (facts === null) return []
  const layers = layersOf(architecture)
  return [
    uint32(`${prefix}.attention.q_lora_rank`, facts.queryLoraRank),
    uint32(`${prefix}.attention.output_group_count`, facts.outputGroups),
    uint32(`${prefix}.attention.output_lora_rank`, facts.outputLoraRank),
    float32(`${prefix}.attention.compress_rope_freq_base`, 160_000),
    int32s(
      `${prefix}.attention.compress_ratios`,
      layers.map((layer) => layer.compressionRatio),
    ),
    uint32(`${prefix}.hyper_connection.count`, facts.hyperConnections),
    uint32(`${prefix}.hyper_connection.sinkhorn_iterations`, 20),
    float32(`${prefix}.hyper_connection.epsilon`, 1e-6),
    uint32(`${prefix}.hash_layer_count`, layers.filter((layer) => layer.hashRouted).length),
    ...indexer(prefix, facts.indexHeads, facts.indexHeadDimension, facts.indexTopK),
  ]
}

/** Keys about attention: heads, their lengths and rotation, windows, latent ranks, sparse selection. */
export function attentionMetadata(architecture: Architecture): readonly MetadataEntry[] {
  const prefix = ggufName(architecture)
  const { attention, heads } = architecture
  const sparse = attention.indexer
  return [
    uint32(`${prefix}.attention.head_count`, heads),
    keyValueHeads(architecture, prefix),
    ...headLengths(architecture, prefix),
    ...rotation(architecture, prefix),
    ...window(architecture, prefix),
    ...latentRanks(attention.latent, prefix),
    ...(sparse === null ? [] : indexer(prefix, sparse.heads, sparse.headDimension, sparse.topK)),
    ...compressed(architecture, prefix),
    ...(attention.kvSharedLayers === 0
      ? []
      : [uint32(`${prefix}.attention.shared_kv_layers`, attention.kvSharedLayers)]),
  ]
}
