import type { Architecture, PerLayerEmbeddings } from '#core/model/model.ts'
import { layerTensor, type LayerTensor } from '#core/model/blueprint/layer-tensor.ts'

function altUpTensors(hidden: number, inputs: number): readonly LayerTensor[] {
  return [
    layerTensor('altup_correct_coef.weight', [inputs, inputs], 'other'),
    layerTensor('altup_correct_scale.weight', [hidden], 'norm'),
    layerTensor('altup_predict_coef.weight', [inputs, inputs * inputs], 'other'),
    layerTensor('altup_router.weight', [hidden, inputs], 'other'),
    layerTensor('altup_router_norm.weight', [hidden], 'norm'),
  ]
}

function laurelTensors(hidden: number, rank: number): readonly LayerTensor[] {
  return [
    layerTensor('laurel_l.weight', [hidden, rank], 'other'),
    layerTensor('laurel_r.weight', [rank, hidden], 'other'),
    layerTensor('laurel_post_norm.weight', [hidden], 'norm'),
  ]
}

/** What Gemma 3n and the small Gemma 4 add to each layer: the per-layer input and, in 3n, AltUp and LAuReL. */
export function perLayerEmbeddingTensors(
  architecture: Architecture,
  embeddings: PerLayerEmbeddings,
): readonly LayerTensor[] {
  const { hidden } = architecture
  const { dimension, altupInputs, laurelRank } = embeddings
  return [
    layerTensor('inp_gate.weight', [hidden, dimension], 'other'),
    layerTensor('proj.weight', [dimension, hidden], 'other'),
    layerTensor('post_norm.weight', [hidden], 'norm'),
    ...(altupInputs === null ? [] : altUpTensors(hidden, altupInputs)),
    ...(laurelRank === null ? [] : laurelTensors(hidden, laurelRank)),
  ]
}
