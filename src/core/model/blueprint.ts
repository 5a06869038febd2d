import { oncePer } from '#core/lookup/once-per.ts'
import { attentionTensors } from '#core/model/blueprint/attention.ts'
import { compressedAttentionTensors } from '#core/model/blueprint/compressed-attention.ts'
import { feedForwardTensors } from '#core/model/blueprint/feed-forward.ts'
import { latentAttentionTensors } from '#core/model/blueprint/latent-attention.ts'
import { layerTensor, type LayerTensor } from '#core/model/blueprint/layer-tensor.ts'
import { normTensors } from '#core/model/blueprint/norms.ts'
import { outsideTensors } from '#core/model/blueprint/outside-layers.ts'
import { perLayerEmbeddingTensors } from '#core/model/blueprint/per-layer-embeddings.ts'
import { predictionTensors } from '#core/model/blueprint/prediction.ts'
import { recurrentTensors } from '#core/model/blueprint/recurrent.ts'
import { layerPlan, type LayerKind } from '#core/model/layer-kind.ts'
import { tensorLayout, type TensorLayout } from '#core/model/llama-architecture.ts'
import type { Architecture } from '#core/model/model.ts'
import type { Tensor } from '#core/model/tensor.ts'

function mixerTensors(
  architecture: Architecture,
  kind: LayerKind,
  layout: TensorLayout,
): readonly LayerTensor[] {
  const { compressed, latent, recurrent } = architecture.attention
  if (kind.mixer === 'none') return []
  if (kind.mixer === 'recurrent') return recurrent === null ? [] : recurrentTensors(architecture, recurrent)
  if (compressed !== null) return compressedAttentionTensors(architecture, kind, compressed)
  if (latent !== null) return latentAttentionTensors(architecture, latent)
  return attentionTensors(architecture, kind, layout)
}

function kindTensors(architecture: Architecture, kind: LayerKind): readonly LayerTensor[] {
  const layout = tensorLayout(architecture)
  const { gguf, perLayerEmbeddings } = architecture
  return [
    ...normTensors(architecture, kind, layout),
    ...mixerTensors(architecture, kind, layout),
    ...feedForwardTensors(architecture, kind, layout),
    ...(perLayerEmbeddings === null ? [] : perLayerEmbeddingTensors(architecture, perLayerEmbeddings)),
    ...(gguf === 'gemma4' ? [layerTensor('layer_output_scale.weight', [1], 'other')] : []),
    ...(kind.prediction ? predictionTensors(architecture) : []),
  ]
}

/** Tensors of each kind of layer, in the order of `layerPlan(architecture).kinds`; computed once per architecture. */
export const layerKindTensors = oncePer((architecture: Architecture): readonly (readonly LayerTensor[])[] =>
  layerPlan(architecture).kinds.map((kind) => kindTensors(architecture, kind)),
)

/**
 * Every tensor a GGUF file of this architecture holds, with llama.cpp's name and shape (release v0.5.0, src/models).
 * Left out: rotation factors of a few hundred bytes that loaders treat as optional. Computed once per architecture.
 */
export const blueprint = oncePer((architecture: Architecture): readonly Tensor[] => {
  const byKind = layerKindTensors(architecture)
  const layers = layerPlan(architecture).kindOfLayer.flatMap((kind, layer) =>
    (byKind[kind] ?? []).map(({ suffix, shape, role }): Tensor => {
      return { name: `blk.${layer}.${suffix}`, shape, role, layer }
    }),
  )
  return [...outsideTensors(architecture), ...layers]
})
