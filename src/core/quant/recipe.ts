import { bitsPerWeight, fittingType, GGML_TYPES, type GgmlTypeName } from '#core/quant/ggml-type.ts'
import type { QuantFacts } from '#core/quant/quant-plan.ts'
import type { QuantTensor } from '#core/quant/quant-tensor.ts'
import { BASE_TYPES, type RecipeOptions, type Situation } from '#core/quant/recipe-id.ts'
import {
  ATTENTION_OUTPUT_RULES,
  DOWN_RULES,
  EIGHT_EXPERTS_OUTPUT,
  EMBEDDING_TYPES,
  FUSED_RULES,
  grouped,
  isLargerTwoBit,
  narrowerMiddle,
  QUERY_KEY_RULES,
  TWO_BIT,
  VALUE_RULES,
} from '#core/quant/recipe-rules.ts'

function outputType(tensor: QuantTensor, { recipe, facts }: RecipeOptions): GgmlTypeName {
  const base = BASE_TYPES[recipe]
  if (facts.falcon || recipe === 'MXFP4' || tensor.rowLength % GGML_TYPES[base].blockSize !== 0) return 'Q8_0'
  if (TWO_BIT.has(recipe) || recipe === 'IQ3_XXS') return 'Q5_K'
  return base === 'Q8_0' ? 'Q8_0' : 'Q6_K'
}

function twoBitType(tensor: QuantTensor, situation: Situation): GgmlTypeName | null {
  const { facts, position, recipe } = situation
  const better = isLargerTwoBit(recipe) ? 'IQ3_S' : 'Q2_K'
  switch (tensor.category) {
    case 'value':
      return grouped(situation) || facts.experts >= 4 ? 'Q4_K' : better
    case 'key':
      return facts.experts === 8 ? 'Q4_K' : null
    case 'down':
      return position.downInFirstEighth ? better : null
    case 'attentionOutput':
      if (facts.experts === 8) return 'Q5_K'
      if (isLargerTwoBit(recipe)) return 'IQ3_S'
      return recipe === 'IQ1_S' || recipe === 'IQ1_M' ? 'IQ2_XXS' : null
    default:
      return null
  }
}

function valueType(situation: Situation): GgmlTypeName | null {
  const { facts, recipe } = situation
  if (facts.experts === 8) return 'Q8_0'
  const type = VALUE_RULES[recipe]?.(situation) ?? null
  const chosen = type ?? BASE_TYPES[recipe]
  return facts.seventyBillion && (chosen === 'Q3_K' || chosen === 'Q4_K') ? 'Q5_K' : type
}

function attentionOutputType(situation: Situation): GgmlTypeName | null {
  const { facts, recipe } = situation
  if (facts.falcon) return recipe === 'Q3_K_L' ? 'Q4_K' : null
  if (facts.experts === 8) return EIGHT_EXPERTS_OUTPUT.has(recipe) ? 'Q5_K' : null
  return ATTENTION_OUTPUT_RULES[recipe]?.(situation) ?? null
}

/** What the recipe says for a tensor inside a layer; null: its base type. */
function layerType(tensor: QuantTensor, situation: Situation): GgmlTypeName | null {
  const { facts, recipe } = situation
  if (recipe === 'MXFP4') return tensor.stacked ? 'MXFP4' : 'Q8_0'
  if (TWO_BIT.has(recipe)) return twoBitType(tensor, situation)
  switch (tensor.category) {
    case 'value':
      return valueType(situation)
    case 'queryKeyValue':
      return FUSED_RULES[recipe]?.(situation) ?? null
    case 'key':
      if (facts.experts === 8) return 'Q8_0'
      return QUERY_KEY_RULES[recipe]?.(situation) ?? null
    case 'query':
      return QUERY_KEY_RULES[recipe]?.(situation) ?? null
    case 'down':
      return DOWN_RULES[recipe]?.(situation) ?? null
    case 'attentionOutput':
      return attentionOutputType(situation)
    case 'up':
    case 'gate':
      return narrowerMiddle(situation)
    default:
      return null
  }
}

function outsideType(tensor: QuantTensor, options: RecipeOptions): GgmlTypeName {
  const { facts, recipe } = options
  const isHead = tensor.category === 'output' || (tensor.category === 'embedding' && facts.tiedEmbeddings)
  if (isHead) return outputType(tensor, options)
  if (recipe === 'MXFP4') return tensor.stacked ? 'MXFP4' : 'Q8_0'
  return tensor.category === 'embedding'
    ? (EMBEDDING_TYPES[recipe] ?? BASE_TYPES[recipe])
    : BASE_TYPES[recipe]
}

function sixteenBitType(base: GgmlTypeName): 'F16' | 'BF16' {
  return base === 'F16' ? 'F16' : 'BF16'
}

/** Experts released at 4.25 bits gain nothing from a wider type: published files keep them as they are. */
function keepReleasedExperts(type: GgmlTypeName, tensor: QuantTensor, facts: QuantFacts): GgmlTypeName {
  if (!facts.releasedMxfp4 || !tensor.routed) return type
  return bitsPerWeight(GGML_TYPES[type]) < bitsPerWeight(GGML_TYPES.MXFP4) ? type : 'MXFP4'
}

/**
 * The type llama.cpp's quantizer gives a tensor of a layer, or (`situation` without a position) of none
 * (llama-quant.cpp v0.5.0, llama_tensor_get_type).
 */
export function recipeType(tensor: QuantTensor, situation: RecipeOptions | Situation): GgmlTypeName {
  const { facts, recipe } = situation
  const base = BASE_TYPES[recipe]
  if (!tensor.quantizable) return tensor.keptAs === 'sixteenBit' ? sixteenBitType(base) : tensor.keptAs
  if (base === 'F16' || base === 'BF16') return keepReleasedExperts(base, tensor, facts)
  const chosen =
    'position' in situation ? (layerType(tensor, situation) ?? base) : outsideType(tensor, situation)
  return keepReleasedExperts(fittingType(chosen, tensor.rowLength), tensor, facts)
}
