import type { LayerKind } from '#core/model/layer-kind.ts'
import type { Architecture, CompressedAttention } from '#core/model/model.ts'
import { layerTensor, type LayerTensor } from '#core/model/blueprint/layer-tensor.ts'

interface Compressor {
  readonly prefix: string
  readonly hidden: number
  readonly width: number
  readonly ratio: number
}

/** A compressor that overlaps its groups (ratio 4) has two halves. */
function compressorTensors({ prefix, hidden, width, ratio }: Compressor): readonly LayerTensor[] {
  const both = ratio === 4 ? 2 * width : width
  return [
    layerTensor(`${prefix}_kv.weight`, [hidden, both], 'attention_other'),
    layerTensor(`${prefix}_gate.weight`, [hidden, both], 'attention_other'),
    layerTensor(`${prefix}_ape.weight`, [both, ratio], 'attention_other'),
    layerTensor(`${prefix}_norm.weight`, [width], 'norm'),
  ]
}

function indexerTensors(architecture: Architecture, compressed: CompressedAttention): readonly LayerTensor[] {
  const { hidden } = architecture
  const { indexHeads, indexHeadDimension, queryLoraRank } = compressed
  return [
    layerTensor('indexer.proj.weight', [hidden, indexHeads], 'attention_other'),
    layerTensor(
      'indexer.attn_q_b.weight',
      [queryLoraRank, indexHeads * indexHeadDimension],
      'attention_other',
    ),
    ...compressorTensors({ prefix: 'indexer_compressor', hidden, width: indexHeadDimension, ratio: 4 }),
  ]
}

function hyperConnectionTensors(
  architecture: Architecture,
  compressed: CompressedAttention,
): readonly LayerTensor[] {
  const streams = compressed.hyperConnections
  const mixes = (2 + streams) * streams
  return ['hc_attn', 'hc_ffn'].flatMap((prefix) => [
    layerTensor(`${prefix}_fn.weight`, [streams * architecture.hidden, mixes], 'other'),
    layerTensor(`${prefix}_base.weight`, [mixes], 'other'),
    layerTensor(`${prefix}_scale.weight`, [3], 'other'),
  ])
}

/** Tensors of DeepSeek V4's attention: a window, compressed K=V entries and, at ratio 4, an indexer over them. */
export function compressedAttentionTensors(
  architecture: Architecture,
  kind: LayerKind,
  compressed: CompressedAttention,
): readonly LayerTensor[] {
  const { hidden, heads, headDimension } = architecture
  const { queryLoraRank, outputLoraRank, outputGroups } = compressed
  const ratio = kind.compressionRatio
  return [
    layerTensor('attn_sinks.weight', [heads], 'attention_other'),
    layerTensor('attn_q_a.weight', [hidden, queryLoraRank], 'attention_other'),
    layerTensor('attn_q_a_norm.weight', [queryLoraRank], 'norm'),
    layerTensor('attn_q_b.weight', [queryLoraRank, heads * headDimension], 'attention_other'),
    layerTensor('attn_kv.weight', [hidden, headDimension], 'attention_other'),
    layerTensor('attn_kv_a_norm.weight', [headDimension], 'norm'),
    layerTensor(
      'attn_output_a.weight',
      [(heads * headDimension) / outputGroups, outputLoraRank * outputGroups],
      'attention_other',
    ),
    layerTensor('attn_output_b.weight', [outputGroups * outputLoraRank, hidden], 'attention_other'),
    ...hyperConnectionTensors(architecture, compressed),
    ...(ratio === 0
      ? []
      : compressorTensors({ prefix: 'attn_compressor', hidden, width: headDimension, ratio })),
    ...(ratio === 4 ? indexerTensors(architecture, compressed) : []),
  ]
}
