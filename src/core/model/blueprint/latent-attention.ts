import type { Architecture, LatentAttention, SparseIndexer } from '#core/model/model.ts'
import { layerTensor, type LayerTensor } from '#core/model/blueprint/layer-tensor.ts'

function queryTensors(architecture: Architecture, latent: LatentAttention): readonly LayerTensor[] {
  const { hidden, heads } = architecture
  const width = heads * (latent.nopeDimension + latent.ropeDimension)
  const rank = latent.queryLoraRank
  if (rank === null) return [layerTensor('attn_q.weight', [hidden, width], 'attention_q')]
  return [
    layerTensor('attn_q_a.weight', [hidden, rank], 'attention_other'),
    layerTensor('attn_q_a_norm.weight', [rank], 'norm'),
    layerTensor('attn_q_b.weight', [rank, width], 'attention_other'),
  ]
}

function indexerTensors(
  architecture: Architecture,
  latent: LatentAttention,
  indexer: SparseIndexer,
): readonly LayerTensor[] {
  const { hidden } = architecture
  const { heads, headDimension } = indexer
  return [
    layerTensor('indexer.k_norm.weight', [headDimension], 'norm'),
    layerTensor('indexer.k_norm.bias', [headDimension], 'norm'),
    layerTensor('indexer.proj.weight', [hidden, heads], 'attention_other'),
    layerTensor('indexer.attn_k.weight', [hidden, headDimension], 'attention_other'),
    layerTensor(
      'indexer.attn_q_b.weight',
      [latent.queryLoraRank ?? hidden, heads * headDimension],
      'attention_other',
    ),
  ]
}

/**
 * Tensors of multi-head latent attention. llama.cpp stores the up-projection of K and V split and transposed by head
 * (`attn_k_b`, `attn_v_b`), so that decoding works in the latent space.
 */
export function latentAttentionTensors(
  architecture: Architecture,
  latent: LatentAttention,
): readonly LayerTensor[] {
  const { hidden, heads } = architecture
  const { kvLoraRank, ropeDimension, nopeDimension, valueDimension } = latent
  const { indexer } = architecture.attention
  return [
    ...queryTensors(architecture, latent),
    layerTensor('attn_kv_a_mqa.weight', [hidden, kvLoraRank + ropeDimension], 'attention_other'),
    layerTensor('attn_kv_a_norm.weight', [kvLoraRank], 'norm'),
    layerTensor('attn_k_b.weight', [nopeDimension, kvLoraRank, heads], 'attention_other'),
    layerTensor('attn_v_b.weight', [kvLoraRank, valueDimension, heads], 'attention_other'),
    layerTensor('attn_output.weight', [heads * valueDimension, hidden], 'attention_output'),
    ...(indexer === null ? [] : indexerTensors(architecture, latent, indexer)),
  ]
}
