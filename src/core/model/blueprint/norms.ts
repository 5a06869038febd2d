import type { LayerKind } from '#core/model/layer-kind.ts'
import type { TensorLayout } from '#core/model/llama-architecture.ts'
import type { Architecture } from '#core/model/model.ts'
import { layerTensor, type LayerTensor } from '#core/model/blueprint/layer-tensor.ts'

const NORM_NAMES: Readonly<Record<TensorLayout['norms'], readonly string[]>> = {
  pre: ['attn_norm', 'ffn_norm'],
  single: ['attn_norm'],
  post: ['post_attention_norm', 'post_ffw_norm'],
  sandwich: ['attn_norm', 'post_attention_norm', 'ffn_norm', 'post_ffw_norm'],
  preAttentionPost: ['attn_norm', 'post_attention_norm'],
  behind: ['attn_output_norm', 'layer_output_norm'],
}

function namesOf(architecture: Architecture, kind: LayerKind, layout: TensorLayout): readonly string[] {
  const names = NORM_NAMES[layout.norms]
  // Falcon 40B and 180B norm attention and feed-forward apart; Falcon 7B (one K/V head) shares one norm.
  if (architecture.gguf === 'falcon' && architecture.kvHeads > 1) return [...names, 'attn_norm_2']
  if (architecture.gguf === 'gemma4' && kind.feedForward === 'experts')
    return [...names, 'pre_ffw_norm_2', 'post_ffw_norm_1', 'post_ffw_norm_2']
  return names
}

/** Norms of a layer that span the hidden size; those of Q and K belong to the attention. */
export function normTensors(
  architecture: Architecture,
  kind: LayerKind,
  layout: TensorLayout,
): readonly LayerTensor[] {
  const shape = [architecture.hidden]
  return namesOf(architecture, kind, layout).flatMap((name) => [
    layerTensor(`${name}.weight`, shape, 'norm'),
    ...(layout.normBias ? [layerTensor(`${name}.bias`, shape, 'norm')] : []),
  ])
}
