import type { Architecture } from '#core/model/model.ts'

/**
 * Bytes one sequence keeps in one recurrent layer: convolution tail and state matrix, both f32 whatever the cache
 * type (llama-memory-recurrent.cpp). 0 for models without recurrent blocks.
 */
export function recurrentStateBytes(architecture: Architecture): number {
  const facts = architecture.attention.recurrent?.facts
  if (!facts) return 0
  return (
    ((facts['convStateElements'] ?? 0) + (facts['ssmStateElements'] ?? 0)) * Float32Array.BYTES_PER_ELEMENT
  )
}
