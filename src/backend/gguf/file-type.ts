import { uint32, type MetadataEntry } from '#backend/gguf/metadata-entry.ts'
import { isRecipe, type RecipeId } from '#core/quant/recipe-id.ts'
import type { Quantization } from '#core/quant/quantization.ts'

/** `enum llama_ftype`, llama.h. */
const FILE_TYPES: Readonly<Record<RecipeId, number>> = {
  F16: 1,
  Q4_0: 2,
  Q4_1: 3,
  Q8_0: 7,
  Q5_0: 8,
  Q5_1: 9,
  Q2_K: 10,
  Q3_K_S: 11,
  Q3_K_M: 12,
  Q3_K_L: 13,
  Q4_K_S: 14,
  Q4_K_M: 15,
  Q5_K_S: 16,
  Q5_K_M: 17,
  Q6_K: 18,
  IQ2_XXS: 19,
  IQ2_XS: 20,
  Q2_K_S: 21,
  IQ3_XS: 22,
  IQ3_XXS: 23,
  IQ1_S: 24,
  IQ4_NL: 25,
  IQ3_S: 26,
  IQ3_M: 27,
  IQ2_S: 28,
  IQ2_M: 29,
  IQ4_XS: 30,
  IQ1_M: 31,
  BF16: 32,
  TQ1_0: 36,
  TQ2_0: 37,
  MXFP4: 38,
}

/** Version of the block layouts (`GGML_QNT_VERSION`, ggml.h). */
const QUANTIZATION_VERSION = 2

/** What the header says about the quantization; no file type for a publisher's mix, llama.cpp then guesses one. */
export function fileTypeMetadata(quantization: Quantization): readonly MetadataEntry[] {
  const version = uint32('general.quantization_version', QUANTIZATION_VERSION)
  if (!isRecipe(quantization.id)) return [version]
  return [version, uint32('general.file_type', FILE_TYPES[quantization.id])]
}
