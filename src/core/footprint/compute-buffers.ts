import { hasWindowedCache } from '#core/footprint/cache-kinds.ts'
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
 * Scratch memory of llama.cpp's graph on one device, at 512 tokens a micro-batch: the largest of logits where the
 * output layer lies, and the widest step inside a layer. Matched to llama.cpp v0.5.0's allocator on ten architectures
 * (CPU): exact to 0.2 % where logits decide, else within 6 %.
 */
export function deviceComputeBytes(
  architecture: Architecture,
  shape: ComputeShape & {
    readonly holdsOutput: boolean
    /** The embedded tokens lie here too: they do on the CPU, beside an accelerator the host keeps them. */
    readonly holdsInput: boolean
  },
): number {
  const outputWidth = shape.holdsOutput ? logitsWidth(architecture, shape.holdsInput) : 0
  return Math.max(outputWidth, layerWidth(architecture, shape)) * FLOAT_BYTES * MICRO_BATCH_TOKENS
}

/** Floats a token takes at the output: logits, the hidden state, and the input where it is kept too. Encoders have no logits. */
function logitsWidth(architecture: Architecture, holdsInput: boolean): number {
  const isEncoder = architecture.tokenTypes !== null
  // Windowed caches give the graph two masks; where its pieces come to lie then costs 0 to 7 hidden states, seen on
  // Gemma and gpt-oss at several contexts. The middle is taken.
  const windowed = hasWindowedCache(architecture) ? 4 : 0
  return (isEncoder ? 0 : architecture.vocabulary) + architecture.hidden * ((holdsInput ? 2 : 1) + windowed)
}

/**
 * Floats a token takes inside a layer. With flash attention the feed-forward is widest: gate, up and their product,
 * four hidden states and the f16 mask (for mixtures, the chosen experts side by side). Without, the scores of all
 * heads over the context, the f32 mask, queries twice and 3.5 hidden states.
 */
function layerWidth(architecture: Architecture, shape: ComputeShape): number {
  const { hidden, heads, headDimension, moe } = architecture
  const cells = padCells(shape.contextTokens)
  if (!shape.flashAttention) return heads * cells + cells + 2 * heads * headDimension + 3.5 * hidden
  const ofExperts = moe === null ? 0 : moe.activeExperts * (3 * moe.expertFfn + hidden)
  return cells / 2 + Math.max(3 * (architecture.ffn ?? 0), ofExperts) + 4 * hidden
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
