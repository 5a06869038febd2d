import type { Architecture } from '#core/model/model.ts'
import { layerTensor, type LayerTensor } from '#core/model/blueprint/layer-tensor.ts'

/** What a multi-token-prediction layer has beside its decoder block; some keep own copies of embeddings and head. */
export function predictionTensors(architecture: Architecture): readonly LayerTensor[] {
  const { hidden, vocabulary } = architecture
  const table = [hidden, vocabulary]
  return [
    layerTensor('nextn.eh_proj.weight', [2 * hidden, hidden], 'other'),
    layerTensor('nextn.enorm.weight', [hidden], 'norm'),
    layerTensor('nextn.hnorm.weight', [hidden], 'norm'),
    layerTensor('nextn.shared_head_norm.weight', [hidden], 'norm'),
    ...(architecture.predictionEmbeddings
      ? [
          layerTensor('nextn.embed_tokens.weight', table, 'other'),
          layerTensor('nextn.shared_head_head.weight', table, 'other'),
        ]
      : []),
  ]
}
