import { MICRO_BATCH_TOKENS, padCells } from '#core/footprint/micro-batch.ts'
import type { Architecture } from '#core/model/model.ts'
import { mebibytesToBytes } from '#core/units/units.ts'

/** What the compute graph of a micro-batch depends on. */
export interface ComputeShape {
  readonly contextTokens: number
  readonly flashAttention: boolean
}

const FLOAT_BYTES = 4

/**
 * Scratch memory of llama.cpp's graph on one device, at 512 tokens a micro-batch. With flash
 * attention the larger of logits where the output layer lies ((vocabulary + 1.5 · hidden) floats a token) and attention (the f16 mask
 * over the context and four activations); without, attention scores of all heads as well. Known error: median 1.3 %
 * on 23 logged runs with flash attention, low by 11 to 70 % on five of them.
 */
export function deviceComputeBytes(
  architecture: Architecture,
  shape: ComputeShape & { readonly holdsOutput: boolean },
): number {
  const { vocabulary, hidden, heads } = architecture
  const cells = padCells(shape.contextTokens)
  const logits = (vocabulary + 1.5 * hidden) * FLOAT_BYTES
  const attention = shape.flashAttention
    ? cells * 2 + 4 * hidden * FLOAT_BYTES
    : (heads * cells + cells + 4 * hidden) * FLOAT_BYTES
  return Math.max(shape.holdsOutput ? logits : 0, attention) * MICRO_BATCH_TOKENS
}

/**
 * Inputs kept in host memory beside an accelerator: the attention mask (f16 with flash attention, else f32) and the
 * embedded tokens of a micro-batch.
 */
export function hostComputeBytes(architecture: Architecture, shape: ComputeShape): number {
  const maskBytes = padCells(shape.contextTokens) * (shape.flashAttention ? 2 : FLOAT_BYTES)
  return (maskBytes + architecture.hidden * FLOAT_BYTES) * MICRO_BATCH_TOKENS
}

/** Copies each accelerator keeps so that several can work on different micro-batches: about 80 MiB, from logs. */
export const PIPELINE_COPY_BYTES = mebibytesToBytes(80)
