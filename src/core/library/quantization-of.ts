import { FILE_TYPES } from '#core/quant/file-types.ts'
import { GGML_TYPES, type GgmlTypeName } from '#core/quant/ggml-type.ts'
import { BASE_TYPES, isRecipe, type RecipeId } from '#core/quant/recipe-id.ts'

/** What a file's header says about how its weights are stored. */
export interface StoredWeights {
  /** `general.file_type`; null where the file does not say. */
  readonly fileType: number | null
  /** Elements of the tensors that have more than one dimension, by their type's number in `enum ggml_type`. */
  readonly elementsByType: ReadonlyMap<number, number>
}

/** A quantization as people call it, and its id where a recipe of llama.cpp is like it. */
export interface NamedQuantization {
  readonly id: RecipeId | null
  readonly name: string
}

/** Bit of `general.file_type` for "not said by whoever made the file" (LLAMA_FTYPE_GUESSED, llama.h). */
const GUESSED = 1024

/** File types no recipe of ours stands for (`enum llama_ftype`, llama.h). */
const OTHER_FILE_TYPES: Readonly<Record<number, string>> = { 0: 'F32', 39: 'NVFP4', 40: 'Q1_0', 41: 'Q2_0' }

/** The recipe most files with a majority of this type were made by (llama-model-loader.cpp, `LLAMA_FTYPE_GUESSED`). */
const USUAL_RECIPES: Readonly<Partial<Record<GgmlTypeName, RecipeId>>> = {
  Q3_K: 'Q3_K_M',
  Q4_K: 'Q4_K_M',
  Q5_K: 'Q5_K_M',
}

const recipeByFileType: ReadonlyMap<number, RecipeId> = new Map(
  Object.entries(FILE_TYPES).flatMap(([id, number]) => (isRecipe(id) ? [[number, id] as const] : [])),
)
const typeNameById: ReadonlyMap<number, GgmlTypeName> = new Map(
  Object.entries(GGML_TYPES).map(([name, { id }]) => [id, name as GgmlTypeName] as const),
)

/**
 * The quantization of a file: what it says itself, unless not one of its tensors has the type that recipe is made of or
 * one that stands in for it (some programs copy the file type of the file they started from); else by its most common
 * type. A publisher's mix ("UD-…") states the recipe it is nearest to.
 */
export function quantizationOf(weights: StoredWeights): NamedQuantization {
  const stated = weights.fileType === null ? null : weights.fileType % GUESSED
  const recipe = stated === null ? undefined : recipeByFileType.get(stated)
  if (recipe !== undefined && isPlausible(recipe, weights.elementsByType)) return { id: recipe, name: recipe }
  const common = commonType(weights.elementsByType)
  if (common === null) return unknownQuantization(stated, recipe)
  const name = typeNameById.get(common)
  if (name === undefined) return { id: null, name: OTHER_FILE_TYPES[stated ?? -1] ?? `mostly type ${common}` }
  const usual = USUAL_RECIPES[name] ?? name
  return isRecipe(usual) ? { id: usual, name: `mostly ${name}` } : { id: null, name: `mostly ${name}` }
}

function unknownQuantization(stated: number | null, recipe: RecipeId | undefined): NamedQuantization {
  if (recipe !== undefined) return { id: recipe, name: recipe }
  return { id: null, name: OTHER_FILE_TYPES[stated ?? -1] ?? 'not stated' }
}

/** Types a recipe's own one gives way to where rows do not fill its blocks (llama-quant.cpp, tensor_type_fallback). */
const STAND_INS: ReadonlySet<GgmlTypeName> = new Set(['Q4_0', 'Q5_0', 'Q5_1', 'Q8_0', 'IQ4_NL', 'F16'])
const FLOATS: ReadonlySet<GgmlTypeName> = new Set(['F32', 'F16', 'BF16'])

function isPlausible(recipe: RecipeId, elementsByType: ReadonlyMap<number, number>): boolean {
  const base = BASE_TYPES[recipe]
  const common = commonType(elementsByType)
  if (common === null || elementsByType.has(GGML_TYPES[base].id)) return true
  const name = typeNameById.get(common)
  if (name === undefined || FLOATS.has(base)) return false
  return STAND_INS.has(name)
}

function commonType(elementsByType: ReadonlyMap<number, number>): number | null {
  let common: number | null = null
  let most = 0
  for (const [type, elements] of elementsByType) {
    if (elements > most) {
      common = type
      most = elements
    }
  }
  return common
}
