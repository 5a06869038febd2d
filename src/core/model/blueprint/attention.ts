import type { LayerKind } from '#core/model/layer-kind.ts'
import type { TensorLayout } from '#core/model/llama-architecture.ts'
import type { Architecture } from '#core/model/model.ts'
import { layerTensor, withBias, type LayerTensor } from '#core/model/blueprint/layer-tensor.ts'

interface HeadSizes {
  readonly headDimension: number
  readonly query: number
  readonly keyValue: number
}

/** Gemma 4's global layers have fewer, wider heads than its windowed ones. */
function headSizes(architecture: Architecture, kind: LayerKind): HeadSizes {
  const { attention, heads } = architecture
  const wide = kind.global && attention.globalHeadDimension !== null
  const headDimension = wide ? (attention.globalHeadDimension ?? 0) : architecture.headDimension
  const kvHeads = wide ? (attention.globalKvHeads ?? architecture.kvHeads) : architecture.kvHeads
  return { headDimension, query: heads * headDimension, keyValue: kvHeads * headDimension }
}

function projections(
  architecture: Architecture,
  kind: LayerKind,
  layout: TensorLayout,
): readonly LayerTensor[] {
  const { attention, hidden, qkvBias } = architecture
  const { query, keyValue } = headSizes(architecture, kind)
  // An output gate is the second half of a query projection twice as wide (Qwen3-Next, Qwen3.5).
  const queryWidth = attention.outputGate ? 2 * query : query
  if (layout.fusedQkv)
    return withBias('attn_qkv', [hidden, queryWidth + 2 * keyValue], 'attention_qkv', qkvBias)
  const tensors = [...withBias('attn_q', [hidden, queryWidth], 'attention_q', qkvBias)]
  if (!kind.ownKeyValue) return tensors
  tensors.push(...withBias('attn_k', [hidden, keyValue], 'attention_k', qkvBias))
  if (!(kind.global && attention.globalKEqualsV))
    tensors.push(...withBias('attn_v', [hidden, keyValue], 'attention_v', qkvBias))
  return tensors
}

function queryKeyNorms(
  architecture: Architecture,
  kind: LayerKind,
  layout: TensorLayout,
): readonly LayerTensor[] {
  if (layout.queryKeyNorm === 'none') return []
  const { headDimension, query, keyValue } = headSizes(architecture, kind)
  const perHead = layout.queryKeyNorm === 'head'
  // Command R+ keeps its full norms as a table of heads.
  const split = (width: number): readonly number[] =>
    architecture.gguf === 'command-r' ? [headDimension, width / headDimension] : [width]
  const queryNorm = layerTensor('attn_q_norm.weight', perHead ? [headDimension] : split(query), 'norm')
  if (!kind.ownKeyValue) return [queryNorm]
  return [queryNorm, layerTensor('attn_k_norm.weight', perHead ? [headDimension] : split(keyValue), 'norm')]
}

/** Tensors of multi-head, grouped-query and sliding-window attention. */
export function attentionTensors(
  architecture: Architecture,
  kind: LayerKind,
  layout: TensorLayout,
): readonly LayerTensor[] {
  const { attention, heads, hidden, outputBias } = architecture
  return [
    ...projections(architecture, kind, layout),
    ...withBias('attn_output', [headSizes(architecture, kind).query, hidden], 'attention_output', outputBias),
    ...queryKeyNorms(architecture, kind, layout),
    ...(attention.sinks ? [layerTensor('attn_sinks.weight', [heads], 'attention_other')] : []),
  ]
}
