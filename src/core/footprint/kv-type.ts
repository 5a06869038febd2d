import type { KvType } from '#core/quant/quantization.ts'

/**
 * Bytes per cache element. f16: 2. q8_0 and q4_0 hold 32 elements and one f16 scale per block: 34 and 18 bytes
 * (ggml-common.h), so 1.0625 and 0.5625.
 */
export const KV_BYTES_PER_ELEMENT: Readonly<Record<KvType, number>> = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 }

/** Type of the value cache: quantized V needs flash attention in llama.cpp, else it stays f16. */
export function valueCacheType(kvType: KvType, flashAttention: boolean): KvType {
  return flashAttention ? kvType : 'f16'
}
