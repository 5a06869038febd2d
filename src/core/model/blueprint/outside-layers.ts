import { tensorLayout } from '#core/model/llama-architecture.ts'
import type { Architecture, PerLayerEmbeddings } from '#core/model/model.ts'
import type { Tensor, TensorRole } from '#core/model/tensor.ts'

function tensor(name: string, shape: readonly number[], role: TensorRole): Tensor {
  return { name, shape, role, layer: null }
}

function norm(name: string, width: number, hasBias: boolean): readonly Tensor[] {
  const weight = tensor(`${name}.weight`, [width], 'norm')
  return hasBias ? [weight, tensor(`${name}.bias`, [width], 'norm')] : [weight]
}

/** RoBERTa tables keep two rows for padding that the converter drops. */
function embeddingTensors(architecture: Architecture): readonly Tensor[] {
  const { contextTokens, embeddingDimension, hidden, positionEmbeddings, tokenTypes, vocabulary } =
    architecture
  const tensors = [tensor('token_embd.weight', [embeddingDimension ?? hidden, vocabulary], 'token_embedding')]
  if (positionEmbeddings !== null)
    tensors.push(
      tensor(
        'position_embd.weight',
        [hidden, Math.min(positionEmbeddings, contextTokens)],
        'position_embedding',
      ),
    )
  if (tokenTypes !== null)
    tensors.push(tensor('token_types.weight', [hidden, tokenTypes], 'position_embedding'))
  return tensors
}

function perLayerTensors(architecture: Architecture, embeddings: PerLayerEmbeddings): readonly Tensor[] {
  const { hidden, layers } = architecture
  const { altupInputs, dimension, vocabulary } = embeddings
  const width = dimension * layers
  const altUpShape = [hidden, hidden, (altupInputs ?? 1) - 1]
  return [
    tensor('per_layer_token_embd.weight', [width, vocabulary], 'per_layer_embedding'),
    tensor('per_layer_model_proj.weight', [hidden, width], 'other'),
    tensor('per_layer_proj_norm.weight', [dimension], 'norm'),
    ...(altupInputs === null
      ? []
      : [
          tensor('altup_proj.weight', altUpShape, 'other'),
          tensor('altup_unembd_proj.weight', altUpShape, 'other'),
        ]),
  ]
}

function hyperConnectionHead(architecture: Architecture): readonly Tensor[] {
  const streams = architecture.attention.compressed?.hyperConnections ?? 0
  if (streams === 0) return []
  return [
    tensor('output_hc_fn.weight', [streams * architecture.hidden, streams], 'other'),
    tensor('output_hc_base.weight', [streams], 'other'),
    tensor('output_hc_scale.weight', [1], 'other'),
  ]
}

function outputTensors(architecture: Architecture): readonly Tensor[] {
  const { embeddingDimension, gguf, hidden, tiedEmbeddings, vocabulary } = architecture
  const layout = tensorLayout(architecture)
  // BERT ends with its last layer; LFM2's output norm carries the name of an embedding norm in llama.cpp.
  const normName = gguf === 'lfm2' || gguf === 'lfm2moe' ? 'token_embd_norm' : 'output_norm'
  return [
    ...(layout.embeddingNorm ? norm('token_embd_norm', hidden, layout.normBias) : []),
    ...(layout.norms === 'behind' ? [] : norm(normName, hidden, layout.normBias)),
    ...(tiedEmbeddings
      ? []
      : [tensor('output.weight', [embeddingDimension ?? hidden, vocabulary], 'output')]),
  ]
}

/** Tensors that belong to no layer: embeddings, output head and what stands around them. */
export function outsideTensors(architecture: Architecture): readonly Tensor[] {
  const { attention, gguf, perLayerEmbeddings } = architecture
  const rotated = attention.globalHeadDimension ?? architecture.headDimension
  return [
    ...embeddingTensors(architecture),
    ...outputTensors(architecture),
    ...(perLayerEmbeddings === null ? [] : perLayerTensors(architecture, perLayerEmbeddings)),
    ...hyperConnectionHead(architecture),
    // Gemma 4 rotates a part of its global heads; the loader asks for the factors.
    ...(gguf === 'gemma4' ? [tensor('rope_freqs.weight', [rotated / 2], 'other')] : []),
  ]
}
