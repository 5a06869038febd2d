import { oncePer } from '#core/lookup/once-per.ts'
import type { Architecture } from '#core/model/model.ts'

/** How llama.cpp builds the graph of an architecture, as far as memory tells (src/models/*.cpp of v0.5.0). */
export interface GraphTraits {
  /** A norm before attention and feed-forward; OLMo 2 and EXAONE 4 have norms behind them, in place. */
  readonly normBefore: boolean
  /** LayerNorm, which ggml never computes in place, instead of RMS norm. */
  readonly layerNorm: boolean
  /** Norm of queries and keys: of each head (a copy, RoPE then in place) or of the row (in place, RoPE then copies). */
  readonly queryNorm: 'none' | 'heads' | 'row'
  /** A norm of values, which copies them. */
  readonly valueNorm: boolean
  /** Layers whose queries are rotated: all, none, those with a window, or all but each fourth. */
  readonly rope: 'all' | 'none' | 'windowed' | 'not-fourth'
  /** One matrix for queries, keys and values. */
  readonly fusedProjection: boolean
  /** One matrix for gate and up. */
  readonly fusedGate: boolean
  /** Attention and feed-forward side by side on the layer's input; `own-norm`: each with a norm of its own. */
  readonly parallel: 'no' | 'shared-norm' | 'own-norm'
  /** Which operand of the sum after attention, and after the feed-forward, holds the result. */
  readonly attentionSum: 'output' | 'residual'
  readonly feedForwardSum: 'output' | 'residual'
  /** Where rows without output are dropped: after the last attention, before or after the last norm. */
  readonly outputRows: 'after-attention' | 'before-norm' | 'after-norm'
  /** Weights of the chosen experts are brought to a sum of one. */
  readonly expertWeights: 'sum' | 'plain' | 'softmax' | 'before'
  /** A norm of the embedded tokens. */
  readonly embeddingNorm: boolean
}

const USUAL: GraphTraits = {
  normBefore: true,
  layerNorm: false,
  queryNorm: 'none',
  valueNorm: false,
  rope: 'all',
  fusedProjection: false,
  fusedGate: false,
  parallel: 'no',
  attentionSum: 'output',
  feedForwardSum: 'output',
  outputRows: 'after-attention',
  expertWeights: 'sum',
  embeddingNorm: false,
}

const UNUSUAL: Readonly<Record<string, Partial<GraphTraits>>> = {
  bloom: { layerNorm: true, rope: 'none', fusedProjection: true, embeddingNorm: true },
  cohere2: { layerNorm: true, rope: 'windowed', parallel: 'shared-norm' },
  'command-r': { layerNorm: true, parallel: 'shared-norm' },
  exaone4: { normBefore: false, queryNorm: 'heads', rope: 'windowed' },
  falcon: { layerNorm: true, fusedProjection: true, parallel: 'shared-norm' },
  gemma3: { queryNorm: 'heads' },
  gemma3n: { queryNorm: 'heads', valueNorm: true },
  gemma4: { queryNorm: 'heads', valueNorm: true, outputRows: 'after-norm' },
  glm4moe: { queryNorm: 'heads' },
  'gpt-oss': { outputRows: 'before-norm', expertWeights: 'softmax' },
  gptneox: { layerNorm: true, fusedProjection: true, parallel: 'own-norm' },
  granitehybrid: { rope: 'none' },
  jamba: { rope: 'none', attentionSum: 'residual', feedForwardSum: 'residual', expertWeights: 'plain' },
  lfm2: { queryNorm: 'heads', attentionSum: 'residual', feedForwardSum: 'residual' },
  lfm2moe: { queryNorm: 'heads', attentionSum: 'residual', feedForwardSum: 'residual' },
  llama4: { expertWeights: 'before', rope: 'windowed' },
  'minimax-m2': { queryNorm: 'row' },
  nemotron_h: { rope: 'none', outputRows: 'after-norm' },
  nemotron_h_moe: { rope: 'none', outputRows: 'after-norm' },
  olmo2: { normBefore: false, queryNorm: 'row' },
  phi3: { fusedProjection: true, fusedGate: true, feedForwardSum: 'residual' },
  qwen3: { queryNorm: 'heads' },
  qwen35: { queryNorm: 'heads', outputRows: 'after-norm' },
  qwen35moe: { queryNorm: 'heads', outputRows: 'after-norm' },
  qwen3moe: { queryNorm: 'heads' },
  qwen3next: { queryNorm: 'heads', outputRows: 'after-norm' },
  smollm3: { rope: 'not-fourth' },
  starcoder2: { layerNorm: true },
}

function buildTraits(architecture: Architecture): GraphTraits {
  const { gguf, kvHeads } = architecture
  const traits = { ...USUAL, ...(gguf === null ? {} : UNUSUAL[gguf]) }
  // Falcon 40B and 180B have several key heads and a norm each for attention and feed-forward.
  return gguf === 'falcon' && kvHeads > 1 ? { ...traits, parallel: 'own-norm' } : traits
}

/** Traits of an architecture; one that is not in the table is taken as a usual one. */
export const graphTraits = oncePer(buildTraits)
