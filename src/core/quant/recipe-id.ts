import type { GgmlTypeName } from '#core/quant/ggml-type.ts'
import type { LayerPosition, QuantFacts } from '#core/quant/quant-plan.ts'

/** The type of most tensors of each recipe (llama-quant.cpp, llama_ftype_get_default_type). */
export const BASE_TYPES = {
  F16: 'F16',
  BF16: 'BF16',
  Q4_0: 'Q4_0',
  Q4_1: 'Q4_1',
  Q5_0: 'Q5_0',
  Q5_1: 'Q5_1',
  Q8_0: 'Q8_0',
  Q2_K: 'Q2_K',
  Q2_K_S: 'Q2_K',
  Q3_K_S: 'Q3_K',
  Q3_K_M: 'Q3_K',
  Q3_K_L: 'Q3_K',
  Q4_K_S: 'Q4_K',
  Q4_K_M: 'Q4_K',
  Q5_K_S: 'Q5_K',
  Q5_K_M: 'Q5_K',
  Q6_K: 'Q6_K',
  IQ1_S: 'IQ1_S',
  IQ1_M: 'IQ1_M',
  IQ2_XXS: 'IQ2_XXS',
  IQ2_XS: 'IQ2_XS',
  IQ2_S: 'IQ2_XS',
  IQ2_M: 'IQ2_S',
  IQ3_XXS: 'IQ3_XXS',
  IQ3_XS: 'IQ3_S',
  IQ3_S: 'IQ3_S',
  IQ3_M: 'IQ3_S',
  IQ4_NL: 'IQ4_NL',
  IQ4_XS: 'IQ4_XS',
  TQ1_0: 'TQ1_0',
  TQ2_0: 'TQ2_0',
  MXFP4: 'MXFP4',
} as const satisfies Readonly<Record<string, GgmlTypeName>>

/** Recipes of llama.cpp's quantizer. */
export type RecipeId = keyof typeof BASE_TYPES

/** Narrows a quantization id to a recipe of llama.cpp. */
export function isRecipe(id: string): id is RecipeId {
  return Object.hasOwn(BASE_TYPES, id)
}

/** A recipe, whether it had an importance matrix, and what it asks of the model. */
export interface RecipeOptions {
  readonly recipe: RecipeId
  readonly importanceMatrix: boolean
  readonly facts: QuantFacts
}

/** Everything a rule may ask; made once for all tensors of alike layers. */
export interface Situation extends RecipeOptions {
  readonly position: LayerPosition
}
