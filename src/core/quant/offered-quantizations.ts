import type { Architecture, Model } from '#core/model/model.ts'
import { bitsPerWeight, GGML_TYPES } from '#core/quant/ggml-type.ts'
import { canPack } from '#core/quant/packed-format.ts'
import type { Quantization } from '#core/quant/quantization.ts'

const RUNS_GGUF = new Set(['llama.cpp', 'ollama'])

/** Row lengths most of the weights have. */
function rowLengths({ ffn, hidden, moe }: Architecture): readonly number[] {
  return [hidden, ...(moe === null ? [ffn ?? hidden] : [moe.expertFfn])]
}

function suitsMxfp4Release(model: Model, quantization: Quantization): boolean {
  const { id, nominalBitsPerWeight } = quantization
  if (id === 'MXFP4' || id === 'BF16') return true
  const smaller = nominalBitsPerWeight < bitsPerWeight(GGML_TYPES.MXFP4)
  // Formats below four bits have blocks of 256; other rows fall back to more than MXFP4 takes.
  return smaller && rowLengths(model.architecture).every((rowLength) => rowLength % 256 === 0)
}

/** Experts released at 4 bit: wider formats only make the file larger. */
function suitsInt4Release({ nominalBitsPerWeight, id }: Quantization): boolean {
  return nominalBitsPerWeight <= 4.5 && id !== 'NVFP4'
}

function isSensible(model: Model, quantization: Quantization): boolean {
  if (model.architecture.gguf === null && quantization.engines.every((engine) => RUNS_GGUF.has(engine)))
    return false
  if (!canPack(quantization.id, rowLengths(model.architecture))) return false
  if (model.releasedExperts === 'MXFP4') return suitsMxfp4Release(model, quantization)
  if (model.releasedExperts === 'INT4') return suitsInt4Release(quantization)
  // MXFP4 without training for it loses more than Q4_K_M at the same size; it is meant for experts.
  return quantization.id !== 'MXFP4' || model.architecture.moe !== null
}

/**
 * Quantizations that make sense for a model: all for most; for models released with 4-bit experts only the release
 * itself (BF16 leaves its experts as they are) and what is smaller; none of GGUF where llama.cpp has no loader.
 */
export function offeredQuantizations(
  model: Model,
  quantizations: readonly Quantization[],
): readonly Quantization[] {
  return quantizations.filter((quantization) => isSensible(model, quantization))
}
