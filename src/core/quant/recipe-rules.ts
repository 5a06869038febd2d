import type { GgmlTypeName } from '#core/quant/ggml-type.ts'
import type { RecipeId, RecipeOptions, Situation } from '#core/quant/recipe-id.ts'

/** What a recipe says for a tensor of one category; null: its base type (llama-quant.cpp, llama_tensor_get_type). */
type Rule = (situation: Situation) => GgmlTypeName | null
type Rules = Readonly<Partial<Record<RecipeId, Rule>>>

const always =
  (type: GgmlTypeName): Rule =>
  () =>
    type
/** Four or more query heads share a K/V head: values are small, so recipes spend more on them. */
export const grouped = (situation: Situation): boolean => situation.facts.groupedQueries >= 4
const groupedGets =
  (type: GgmlTypeName): Rule =>
  (situation) =>
    grouped(situation) ? type : null

/** Recipes around two bits: they share rules of their own. */
export const TWO_BIT = new Set<RecipeId>(['IQ1_S', 'IQ1_M', 'IQ2_XXS', 'IQ2_XS', 'IQ2_S', 'IQ2_M'])
/** The two of them that are nearer to three bits. */
export const isLargerTwoBit = (recipe: RecipeId): boolean => recipe === 'IQ2_S' || recipe === 'IQ2_M'

/** Types of embeddings that are not the head, where they differ from the base type. */
export const EMBEDDING_TYPES: Readonly<Partial<Record<RecipeId, GgmlTypeName>>> = {
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

/** Values, where they are a tensor of their own. */
export const VALUE_RULES: Rules = {
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
 * Fused query, key and value. Published files of Phi-4 and Qwen3.5 follow these rules of the quantizer up to
 * early 2026; v0.5.0 treats the fused tensor like a separate value (Phi-4 at IQ4_NL: 2.4 % more than published).
 */
export const FUSED_RULES: Rules = {
  IQ3_M: always('Q4_K'),
  Q3_K_M: always('Q4_K'),
  Q3_K_L: always('Q4_K'),
  Q4_K_M: always('Q5_K'),
  Q5_K_M: always('Q6_K'),
}

/** Queries and keys of the small IQ3 recipes. */
export const QUERY_KEY_RULES: Rules = { IQ3_XS: always('IQ3_XXS'), IQ3_XXS: always('IQ2_S') }

const widerDownWithoutMatrix: Rule = ({ importanceMatrix, position }) =>
  position.downInFirstEighth && !importanceMatrix ? 'Q5_K' : null

/** Down projections, of experts too. */
export const DOWN_RULES: Rules = {
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

/** Output projections of attention. */
export const ATTENTION_OUTPUT_RULES: Rules = {
  Q2_K: always('Q3_K'),
  IQ3_XXS: always('IQ3_S'),
  IQ3_M: always('Q4_K'),
  Q3_K_M: always('Q4_K'),
  Q3_K_L: always('Q5_K'),
}

/** With eight experts attention is a small part of the model, so these recipes spend more on its output. */
export const EIGHT_EXPERTS_OUTPUT = new Set<RecipeId>([
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

/** Up and gate projections of IQ3_XS. */
export const narrowerMiddle: Rule = ({ position, recipe }) =>
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
