import type { Architecture } from '#core/model/model.ts'

/**
 * How llama.cpp lays the tensors of one `general.architecture` out (src/models/*.cpp, release v0.5.0): what the numbers
 * of a configuration do not say, because it is in the code of the model.
 */
export interface TensorLayout {
  /**
   * `pre`: before mixer and feed-forward. `single`: one per layer. `post`: behind both (OLMo 2, EXAONE 4).
   * `sandwich`: before and behind both (Gemma). `preAttentionPost`: before the mixer and, named
   * `post_attention_norm`, before the feed-forward. `behind`: BERT's, behind each sum.
   */
  readonly norms: 'pre' | 'single' | 'post' | 'sandwich' | 'preAttentionPost' | 'behind'
  readonly normBias: boolean
  /** Norms on Q and K: one head long, or as long as all heads. */
  readonly queryKeyNorm: 'none' | 'head' | 'full'
  readonly fusedQkv: boolean
  /** Gate and up projection in one tensor called `ffn_up` (Phi-3). */
  readonly fusedGateUp: boolean
  /** Gate and up projection of the experts in one tensor. */
  readonly fusedExperts: boolean
  /** The router has a selection bias (`exp_probs_b`). */
  readonly expertBias: boolean
  readonly embeddingNorm: boolean
}

const PRE: TensorLayout = {
  norms: 'pre',
  normBias: false,
  queryKeyNorm: 'none',
  fusedQkv: false,
  fusedGateUp: false,
  fusedExperts: false,
  expertBias: false,
  embeddingNorm: false,
}

const LAYOUTS: Readonly<Record<string, TensorLayout>> = {
  falcon: { ...PRE, norms: 'single', normBias: true, fusedQkv: true },
  bloom: { ...PRE, normBias: true, fusedQkv: true, embeddingNorm: true },
  gptneox: { ...PRE, normBias: true, fusedQkv: true },
  qwen3: { ...PRE, queryKeyNorm: 'head' },
  qwen3moe: { ...PRE, queryKeyNorm: 'head' },
  qwen3next: { ...PRE, norms: 'preAttentionPost', queryKeyNorm: 'head' },
  qwen35: { ...PRE, norms: 'preAttentionPost', queryKeyNorm: 'head' },
  qwen35moe: { ...PRE, norms: 'preAttentionPost', queryKeyNorm: 'head' },
  'gpt-oss': { ...PRE, norms: 'preAttentionPost' },
  seed_oss: { ...PRE, norms: 'preAttentionPost' },
  glm4moe: { ...PRE, norms: 'preAttentionPost', queryKeyNorm: 'head', expertBias: true },
  'glm-dsa': { ...PRE, expertBias: true },
  deepseek2: { ...PRE, expertBias: true },
  deepseek32: { ...PRE, expertBias: true },
  deepseek4: { ...PRE, expertBias: true },
  'minimax-m2': { ...PRE, queryKeyNorm: 'full', expertBias: true },
  'ernie4_5-moe': { ...PRE, expertBias: true },
  'hunyuan-moe': { ...PRE, queryKeyNorm: 'head' },
  lfm2: { ...PRE, queryKeyNorm: 'head' },
  lfm2moe: { ...PRE, queryKeyNorm: 'head', expertBias: true },
  nemotron_h: { ...PRE, norms: 'single' },
  nemotron_h_moe: { ...PRE, norms: 'single', expertBias: true },
  gemma2: { ...PRE, norms: 'sandwich' },
  gemma3: { ...PRE, norms: 'sandwich', queryKeyNorm: 'head' },
  gemma3n: { ...PRE, norms: 'sandwich', queryKeyNorm: 'head' },
  gemma4: { ...PRE, norms: 'sandwich', queryKeyNorm: 'head', fusedExperts: true },
  olmo2: { ...PRE, norms: 'post', queryKeyNorm: 'full' },
  exaone4: { ...PRE, norms: 'post', queryKeyNorm: 'head' },
  'command-r': { ...PRE, norms: 'single' },
  cohere2: { ...PRE, norms: 'single' },
  phi3: { ...PRE, fusedQkv: true, fusedGateUp: true },
  starcoder2: { ...PRE, normBias: true },
  'nomic-bert': { ...PRE, norms: 'behind', normBias: true, fusedQkv: true, embeddingNorm: true },
  bert: { ...PRE, norms: 'behind', normBias: true, embeddingNorm: true },
}

/**
 * Layout of an architecture. Unknown names, and models llama.cpp has no loader for (GPT-J, GPT-Neo), get the plain
 * layout: norms before mixer and feed-forward, separate Q, K and V.
 */
export function tensorLayout(architecture: Architecture): TensorLayout {
  const layout = LAYOUTS[architecture.gguf ?? ''] ?? PRE
  // GLM-4.5-Air and Command R below 64 layers: same architecture name, the norms of Q and K left out or added.
  if (architecture.gguf === 'glm4moe' && architecture.layers < 64) return { ...layout, queryKeyNorm: 'none' }
  if (architecture.gguf === 'command-r' && architecture.layers >= 64)
    return { ...layout, queryKeyNorm: 'full' }
  return layout
}
