import { ggufName, layersOf } from '#backend/gguf/architecture-keys.ts'
import { bool, float32, float32s, int32s, uint32, type MetadataEntry } from '#backend/gguf/metadata-entry.ts'
import type { Architecture, MixtureOfExperts } from '#core/model/model.ts'

/** `enum llama_expert_gating_func_type`, llama-hparams.h. */
const GATING = { sigmoid: 2, sqrtSoftplus: 4 } as const

/** Where the file says how the router scores; the other loaders know it. */
const GATING_BY_ARCHITECTURE: Readonly<Record<string, number>> = {
  deepseek2: GATING.sigmoid,
  deepseek32: GATING.sigmoid,
  deepseek4: GATING.sqrtSoftplus,
  glm4moe: GATING.sigmoid,
  'glm-dsa': GATING.sigmoid,
  lfm2moe: GATING.sigmoid,
  'minimax-m2': GATING.sigmoid,
  nemotron_h_moe: GATING.sigmoid,
}

/** Routers that multiply what the chosen experts return (`routed_scaling_factor` > 1): one operation more a layer. */
const SCALED: ReadonlySet<string> = new Set(['deepseek2', 'deepseek32', 'deepseek4', 'glm4moe', 'glm-dsa'])
const SCALE = 2.5

/** DeepSeek V4's activations are clamped (`swiglu_limit` of its configuration). */
const ACTIVATION_LIMIT = 10

/** Architectures whose experts are as wide as `feed_forward_length` says (src/models: `n_ff` for the experts). */
const EXPERTS_BY_DENSE_KEY: ReadonlySet<string> = new Set(['granitehybrid', 'llama', 'minimax-m2'])

function feedForwardLength(architecture: Architecture, prefix: string): MetadataEntry {
  const { ffn, ffnWideLayers, blockTypes, moe } = architecture
  const key = `${prefix}.feed_forward_length`
  const layers = layersOf(architecture)
  if (blockTypes !== null)
    return int32s(
      key,
      layers.map((layer) =>
        layer.feedForward === 'experts' ? (moe?.expertFfn ?? 0) : layer.feedForwardWidth,
      ),
    )
  if (ffnWideLayers > 0)
    return int32s(
      key,
      layers.map((layer) => layer.feedForwardWidth),
    )
  const width = moe !== null && EXPERTS_BY_DENSE_KEY.has(prefix) ? moe.expertFfn : (ffn ?? moe?.expertFfn)
  return uint32(key, width ?? 0)
}

/** DeepSeek V3 and its line choose 4 of 8 groups first (`n_group`, `topk_group`); later models have one group. */
function expertGroups(moe: MixtureOfExperts, prefix: string): readonly MetadataEntry[] {
  const grouped = (prefix === 'deepseek2' || prefix === 'deepseek32') && moe.experts === 256
  return grouped
    ? [uint32(`${prefix}.expert_group_count`, 8), uint32(`${prefix}.expert_group_used_count`, 4)]
    : []
}

function experts(
  architecture: Architecture,
  moe: MixtureOfExperts,
  prefix: string,
): readonly MetadataEntry[] {
  const gating = GATING_BY_ARCHITECTURE[prefix]
  const layers = layersOf(architecture).length
  const limits = Array.from({ length: layers }, () => ACTIVATION_LIMIT)
  return [
    uint32(`${prefix}.expert_count`, moe.experts),
    uint32(`${prefix}.expert_used_count`, moe.activeExperts),
    uint32(`${prefix}.expert_feed_forward_length`, moe.expertFfn),
    uint32(`${prefix}.expert_shared_count`, moe.sharedExperts),
    ...(moe.sharedFfn === null
      ? []
      : [uint32(`${prefix}.expert_shared_feed_forward_length`, moe.sharedExperts * moe.sharedFfn)]),
    uint32(`${prefix}.leading_dense_block_count`, moe.denseLayers),
    uint32(`${prefix}.interleave_moe_layer_step`, moe.every),
    float32(`${prefix}.expert_weights_scale`, SCALED.has(prefix) ? SCALE : 1),
    bool(`${prefix}.expert_weights_norm`, true),
    ...(gating === undefined ? [] : [uint32(`${prefix}.expert_gating_func`, gating)]),
    ...expertGroups(moe, prefix),
    ...(moe.latentDimension === null ? [] : [uint32(`${prefix}.moe_latent_size`, moe.latentDimension)]),
    ...(prefix === 'deepseek4'
      ? [float32s(`${prefix}.swiglu_clamp_exp`, limits), float32s(`${prefix}.swiglu_clamp_shexp`, limits)]
      : []),
  ]
}

/** Keys about feed-forwards and experts. */
export function expertMetadata(architecture: Architecture): readonly MetadataEntry[] {
  const prefix = ggufName(architecture)
  const { moe } = architecture
  return [
    feedForwardLength(architecture, prefix),
    ...(moe === null ? [] : experts(architecture, moe, prefix)),
  ]
}
