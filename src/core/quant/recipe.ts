import type { GgmlTypeName } from '#core/quant/ggml-type.ts'
import { bitsPerWeight, fittingType, GGML_TYPES } from '#core/quant/ggml-type.ts'
import type { LayerPosition, QuantFacts } from '#core/quant/quant-plan.ts'
import type { QuantTensor } from '#core/quant/quant-tensor.ts'

/** The type of most tensors of each recipe (llama-quant.cpp, llama_ftype_get_default_type). */
const BASE_TYPES = {
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

export interface RecipeOptions {
  readonly recipe: RecipeId
  readonly importanceMatrix: boolean
  readonly facts: QuantFacts
}

/** Everything a rule may ask; made once for all tensors of alike layers. */
export interface Situation extends RecipeOptions {
  readonly position: LayerPosition
}

type Rule = (situation: Situation) => GgmlTypeName | null
type Rules = Readonly<Partial<Record<RecipeId, Rule>>>

const always =
  (type: GgmlTypeName): Rule =>
  () =>
    type
const grouped = (situation: Situation): boolean => situation.facts.groupedQueries >= 4
const groupedGets =
  (type: GgmlTypeName): Rule =>
  (situation) =>
    grouped(situation) ? type : null

/** Recipes around two bits: they share rules of their own. */
const TWO_BIT = new Set<RecipeId>(['IQ1_S', 'IQ1_M', 'IQ2_XXS', 'IQ2_XS', 'IQ2_S', 'IQ2_M'])
const isLargerTwoBit = (recipe: RecipeId): boolean => recipe === 'IQ2_S' || recipe === 'IQ2_M'

const EMBEDDING_TYPES: Readonly<Partial<Record<RecipeId, GgmlTypeName>>> = {
  IQ1_S: 'Q2_K',
  IQ1_M: 'Q2_K',
  IQ2_XXS: 'Q2_K',
  IQ2_XS: 'Q2_K',
  IQ2_S: 'IQ3_S',
  IQ2_M: 'IQ3_S',
  IQ3_XXS: 'IQ3_S',
  TQ1_0: 'Q4_K',
  TQ2_0: 'Q4_K',
}

const valueMoreBits: Rule = ({ position }) => (position.valueMoreBits ? 'Q6_K' : null)

const VALUE_RULES: Rules = {
  Q2_K: (situation) => (grouped(situation) ? 'Q4_K' : 'Q3_K'),
  Q2_K_S: groupedGets('Q4_K'),
  IQ3_XXS: (situation) => (grouped(situation) ? 'Q4_K' : situation.importanceMatrix ? 'IQ3_XXS' : 'IQ3_S'),
  IQ3_XS: groupedGets('Q4_K'),
  IQ3_S: groupedGets('Q4_K'),
  IQ3_M: always('Q4_K'),
  IQ4_NL: groupedGets('Q5_K'),
  IQ4_XS: groupedGets('Q5_K'),
  Q3_K_M: ({ position }) => (position.valueAmongFirst2 ? 'Q5_K' : 'Q4_K'),
  Q3_K_L: always('Q5_K'),
  Q4_K_S: ({ position }) => (position.valueAmongFirst4 ? 'Q5_K' : null),
  Q4_K_M: valueMoreBits,
  Q5_K_M: valueMoreBits,
}

/**
 * Fused query, key and value. Published files of Phi-4, Falcon and Qwen3.5 follow these rules of the quantizer up to
 * early 2026; v0.5.0 treats the fused tensor like a separate value (Phi-4 at IQ4_NL: 2.4 % more than published).
 */
const FUSED_RULES: Rules = {
  IQ3_M: always('Q4_K'),
  Q3_K_M: always('Q4_K'),
  Q3_K_L: always('Q4_K'),
  Q4_K_M: always('Q5_K'),
  Q5_K_M: always('Q6_K'),
}

/** Queries and keys of the small IQ3 recipes. */
const QUERY_KEY_RULES: Rules = { IQ3_XS: always('IQ3_XXS'), IQ3_XXS: always('IQ2_S') }

const widerDownWithoutMatrix: Rule = ({ importanceMatrix, position }) =>
  position.downInFirstEighth && !importanceMatrix ? 'Q5_K' : null

const DOWN_RULES: Rules = {
  Q2_K: always('Q3_K'),
  Q2_K_S: ({ position }) => (position.downInFirstEighth ? 'Q4_K' : null),
  IQ3_XXS: ({ importanceMatrix, position }) =>
    importanceMatrix ? null : position.downInFirstEighth ? 'Q4_K' : 'Q3_K',
  IQ3_M: ({ facts, position }) =>
    position.downInFirstEighth || (facts.experts === 8 && position.downMoreBits) ? 'Q4_K' : null,
  IQ4_NL: widerDownWithoutMatrix,
  IQ4_XS: widerDownWithoutMatrix,
  Q3_K_M: ({ facts, position }) => {
    if (position.downInFirstSixteenth) return 'Q5_K'
    return !facts.falcon || position.downMoreBits ? 'Q4_K' : null
  },
  Q3_K_L: ({ facts }) => (facts.falcon ? 'Q4_K' : 'Q5_K'),
  Q4_K_M: ({ facts, position }) => {
    if (!facts.falcon) return position.downMoreBits ? 'Q6_K' : null
    return position.downInFirstSixteenth ? 'Q6_K' : position.downMoreBits ? 'Q5_K' : null
  },
  Q4_K_S: ({ facts, position }) => (!facts.falcon && position.downInFirstEighth ? 'Q5_K' : null),
  Q5_K_M: ({ position }) => (position.downMoreBits ? 'Q6_K' : null),
  Q4_0: ({ importanceMatrix, position }) => (importanceMatrix && position.downInFirstEighth ? 'Q4_1' : null),
  Q5_0: ({ importanceMatrix, position }) => (importanceMatrix && position.downInFirstEighth ? 'Q5_1' : null),
}

const ATTENTION_OUTPUT_RULES: Rules = {
  Q2_K: always('Q3_K'),
  IQ3_XXS: always('IQ3_S'),
  IQ3_M: always('Q4_K'),
  Q3_K_M: always('Q4_K'),
  Q3_K_L: always('Q5_K'),
}

/** With eight experts attention is a small part of the model, so these recipes spend more on its output. */
const EIGHT_EXPERTS_OUTPUT = new Set<RecipeId>([
  'Q2_K',
  'IQ3_XXS',
  'IQ3_XS',
  'IQ3_S',
  'IQ3_M',
  'Q3_K_S',
  'Q3_K_M',
  'IQ4_NL',
  'IQ4_XS',
  'Q4_K_S',
  'Q4_K_M',
])

const narrowerMiddle: Rule = ({ position, recipe }) =>
  recipe === 'IQ3_XS' && position.inMiddle ? 'IQ3_XXS' : null

/** Recipes with a rule that asks where a layer stands; with an importance matrix some need not ask. */
const BY_POSITION = new Set<RecipeId>([
  'IQ1_S',
  'IQ1_M',
  'IQ2_XXS',
  'IQ2_XS',
  'IQ2_S',
  'IQ2_M',
  'IQ3_XS',
  'IQ3_M',
  'Q2_K_S',
  'Q3_K_M',
  'Q4_K_S',
  'Q4_K_M',
  'Q5_K_M',
])
const BY_POSITION_WITH_MATRIX = new Set<RecipeId>(['Q4_0', 'Q5_0'])
const BY_POSITION_WITHOUT_MATRIX = new Set<RecipeId>(['IQ3_XXS', 'IQ4_NL', 'IQ4_XS'])

/** False where a recipe treats all layers of a kind alike, so that one of them stands for all. */
export function asksForPosition({ importanceMatrix, recipe }: RecipeOptions): boolean {
  const more = importanceMatrix ? BY_POSITION_WITH_MATRIX : BY_POSITION_WITHOUT_MATRIX
  return BY_POSITION.has(recipe) || more.has(recipe)
}

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
