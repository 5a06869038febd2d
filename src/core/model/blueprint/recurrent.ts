import type { Architecture, RecurrentBlocks } from '#core/model/model.ts'
import { layerTensor, type LayerTensor } from '#core/model/blueprint/layer-tensor.ts'

function fact(blocks: RecurrentBlocks, name: string): number {
  const value = blocks.facts[name]
  if (value === undefined) throw new Error(`A ${blocks.type} block needs the fact "${name}".`)
  return value
}

const recurrent = (suffix: string, shape: readonly number[]): LayerTensor =>
  layerTensor(suffix, shape, 'recurrent')

function gatedDeltaNet(architecture: Architecture, blocks: RecurrentBlocks): readonly LayerTensor[] {
  const { hidden } = architecture
  const heads = fact(blocks, 'valueHeads')
  const keys = fact(blocks, 'keyHeads') * fact(blocks, 'keyHeadDimension')
  const values = heads * fact(blocks, 'valueHeadDimension')
  const channels = 2 * keys + values
  // Qwen3-Next projects beta and alpha together, Qwen3.5 apart.
  const betaAlpha =
    architecture.gguf === 'qwen3next'
      ? [recurrent('ssm_ba.weight', [hidden, 2 * heads])]
      : [recurrent('ssm_beta.weight', [hidden, heads]), recurrent('ssm_alpha.weight', [hidden, heads])]
  return [
    layerTensor('attn_qkv.weight', [hidden, channels], 'attention_qkv'),
    recurrent('attn_gate.weight', [hidden, values]),
    recurrent('ssm_conv1d.weight', [fact(blocks, 'convKernel'), channels]),
    recurrent('ssm_dt.bias', [heads]),
    recurrent('ssm_a', [heads]),
    ...betaAlpha,
    recurrent('ssm_norm.weight', [fact(blocks, 'valueHeadDimension')]),
    recurrent('ssm_out.weight', [values, hidden]),
  ]
}

function mamba2(architecture: Architecture, blocks: RecurrentBlocks): readonly LayerTensor[] {
  const { hidden } = architecture
  const heads = fact(blocks, 'heads')
  const groups = fact(blocks, 'groups')
  const inner = heads * fact(blocks, 'headDimension')
  const channels = inner + 2 * groups * fact(blocks, 'stateSize')
  return [
    recurrent('ssm_in.weight', [hidden, inner + channels + heads]),
    recurrent('ssm_conv1d.weight', [fact(blocks, 'convKernel'), channels]),
    recurrent('ssm_conv1d.bias', [channels]),
    recurrent('ssm_dt.bias', [heads]),
    recurrent('ssm_a', [1, heads]),
    recurrent('ssm_d', [1, heads]),
    recurrent('ssm_norm.weight', [inner / groups, groups]),
    recurrent('ssm_out.weight', [inner, hidden]),
  ]
}

function mamba1(architecture: Architecture, blocks: RecurrentBlocks): readonly LayerTensor[] {
  const { hidden } = architecture
  const inner = fact(blocks, 'inner')
  const state = fact(blocks, 'stateSize')
  const rank = fact(blocks, 'dtRank')
  return [
    recurrent('ssm_in.weight', [hidden, 2 * inner]),
    recurrent('ssm_conv1d.weight', [fact(blocks, 'convKernel'), inner]),
    recurrent('ssm_conv1d.bias', [inner]),
    recurrent('ssm_x.weight', [inner, rank + 2 * state]),
    recurrent('ssm_dt_norm.weight', [rank]),
    recurrent('ssm_dt.weight', [rank, inner]),
    recurrent('ssm_dt.bias', [inner]),
    recurrent('ssm_b_norm.weight', [state]),
    recurrent('ssm_c_norm.weight', [state]),
    recurrent('ssm_a', [state, inner]),
    recurrent('ssm_d', [inner]),
    recurrent('ssm_out.weight', [inner, hidden]),
  ]
}

function shortConvolution(architecture: Architecture, blocks: RecurrentBlocks): readonly LayerTensor[] {
  const { hidden } = architecture
  return [
    recurrent('shortconv.conv.weight', [fact(blocks, 'convKernel'), hidden]),
    recurrent('shortconv.in_proj.weight', [hidden, 3 * hidden]),
    recurrent('shortconv.out_proj.weight', [hidden, hidden]),
  ]
}

/** Tensors of the recurrent block of a hybrid model. */
export function recurrentTensors(
  architecture: Architecture,
  blocks: RecurrentBlocks,
): readonly LayerTensor[] {
  switch (blocks.type) {
    case 'gated_deltanet':
      return gatedDeltaNet(architecture, blocks)
    case 'mamba2':
      return mamba2(architecture, blocks)
    case 'mamba1':
      return mamba1(architecture, blocks)
    case 'short_conv':
      return shortConvolution(architecture, blocks)
  }
}
