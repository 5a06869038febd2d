import { ggufName } from '#backend/gguf/architecture-keys.ts'
import { uint32, type MetadataEntry } from '#backend/gguf/metadata-entry.ts'
import type { Architecture, RecurrentBlocks } from '#core/model/model.ts'

function fact({ facts, type }: RecurrentBlocks, name: string): number {
  const value = facts[name]
  if (value === undefined) throw new Error(`A ${type} block needs the fact "${name}".`)
  return value
}

/** The state space keys of one block; llama.cpp calls the heads of Mamba 2 and gated delta nets `time_step_rank`. */
function stateSpace(blocks: RecurrentBlocks): Readonly<Record<string, number>> {
  const convolution = fact(blocks, 'convKernel')
  switch (blocks.type) {
    case 'gated_deltanet':
      return {
        'ssm.conv_kernel': convolution,
        'ssm.inner_size': fact(blocks, 'valueHeads') * fact(blocks, 'valueHeadDimension'),
        'ssm.state_size': fact(blocks, 'keyHeadDimension'),
        'ssm.time_step_rank': fact(blocks, 'valueHeads'),
        'ssm.group_count': fact(blocks, 'keyHeads'),
      }
    case 'mamba2':
      return {
        'ssm.conv_kernel': convolution,
        'ssm.inner_size': fact(blocks, 'heads') * fact(blocks, 'headDimension'),
        'ssm.state_size': fact(blocks, 'stateSize'),
        'ssm.time_step_rank': fact(blocks, 'heads'),
        'ssm.group_count': fact(blocks, 'groups'),
      }
    case 'mamba1':
      return {
        'ssm.conv_kernel': convolution,
        'ssm.inner_size': fact(blocks, 'inner'),
        'ssm.state_size': fact(blocks, 'stateSize'),
        'ssm.time_step_rank': fact(blocks, 'dtRank'),
      }
    case 'short_conv':
      return { 'shortconv.l_cache': convolution }
  }
}

/** Keys about recurrent blocks and where the attention layers stand between them. */
export function recurrentMetadata(architecture: Architecture): readonly MetadataEntry[] {
  const prefix = ggufName(architecture)
  const { globalEvery, recurrent } = architecture.attention
  if (recurrent === null) return []
  const entries = Object.entries(stateSpace(recurrent)).map(([key, value]) =>
    uint32(`${prefix}.${key}`, value),
  )
  return recurrent.type === 'gated_deltanet' && globalEvery !== null
    ? [...entries, uint32(`${prefix}.full_attention_interval`, globalEvery)]
    : entries
}
