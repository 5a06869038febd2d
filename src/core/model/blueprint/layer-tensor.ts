import type { TensorRole } from '#core/model/tensor.ts'

/** A tensor of a layer before the layer has a number: its name behind `blk.N.`. */
export interface LayerTensor {
  readonly suffix: string
  readonly shape: readonly number[]
  readonly role: TensorRole
}

/** `tensor('attn_q.weight', [4096, 4096], 'attention_q')`; the row length comes first, as in GGUF. */
export function layerTensor(suffix: string, shape: readonly number[], role: TensorRole): LayerTensor {
  return { suffix, shape, role }
}

/** A weight and, where the architecture has them, its bias as a second tensor. */
export function withBias(
  name: string,
  shape: readonly number[],
  role: TensorRole,
  hasBias: boolean,
): readonly LayerTensor[] {
  const weight = layerTensor(`${name}.weight`, shape, role)
  if (!hasBias) return [weight]
  return [weight, layerTensor(`${name}.bias`, shape.slice(1), 'bias')]
}
