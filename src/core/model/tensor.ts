/**
 * What a tensor does; recipes choose its type, placement where it lives and speed whether a token reads it, by role.
 * `token_embedding` is looked up (one row a token); everything else is read whole, `expert_*` by the active share.
 */
export type TensorRole =
  | 'token_embedding'
  | 'output'
  | 'norm'
  | 'attention_q'
  | 'attention_k'
  | 'attention_v'
  | 'attention_qkv'
  | 'attention_output'
  | 'attention_other'
  | 'ffn_up'
  | 'ffn_gate'
  | 'ffn_down'
  | 'expert_up'
  | 'expert_gate'
  | 'expert_down'
  | 'router'
  | 'shared_expert_up'
  | 'shared_expert_gate'
  | 'shared_expert_down'
  | 'recurrent'
  | 'per_layer_embedding'
  | 'position_embedding'
  | 'bias'
  | 'other'

/** One tensor of a model as its GGUF file would hold it. */
export interface Tensor {
  /** llama.cpp's name: `blk.3.attn_v.weight`. */
  readonly name: string
  /** GGUF order: shape[0] is the row length, which decides the block types it can use. */
  readonly shape: readonly number[]
  readonly role: TensorRole
  /** Index of its layer; null for tensors outside the layers. */
  readonly layer: number | null
}
