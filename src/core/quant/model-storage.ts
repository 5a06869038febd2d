import type { Model } from '#core/model/model.ts'
import { GGML_TYPES, type StorageType } from '#core/quant/ggml-type.ts'
import { isPackedFormat, packedType } from '#core/quant/packed-format.ts'
import { typicalBitsStorage, publisherMix, WIDE_TABLE_TYPE } from '#core/quant/publisher-mix.ts'
import { quantPlan, type LayerPosition } from '#core/quant/quant-plan.ts'
import type { QuantTensor } from '#core/quant/quant-tensor.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import { isRecipe, type RecipeId, type RecipeOptions } from '#core/quant/recipe-id.ts'
import { asksForPosition } from '#core/quant/recipe-rules.ts'
import { recipeType } from '#core/quant/recipe.ts'

/** How one quantization stores each of some tensors. */
export type TensorStorage = (tensor: QuantTensor) => StorageType

/** The storage of a whole model. */
export interface ModelStorage {
  /** Storage of the tensors of alike layers, or, for null, of the tensors outside the layers. */
  readonly at: (position: LayerPosition | null) => TensorStorage
  /** False where all layers of a kind are stored alike. */
  readonly asksForPosition: boolean
}

function everywhere(storage: TensorStorage): ModelStorage {
  return { at: () => storage, asksForPosition: false }
}

function recipeStorage(model: Model, recipe: RecipeId, quantization: Quantization): ModelStorage {
  const options: RecipeOptions = {
    recipe,
    importanceMatrix: quantization.usesImportanceMatrix,
    facts: quantPlan(model).facts,
  }
  return {
    at: (position) => {
      const situation = position === null ? options : { ...options, position }
      return (tensor) => GGML_TYPES[recipeType(tensor, situation)]
    },
    asksForPosition: asksForPosition(options),
  }
}

function withWideTables(storage: ModelStorage): ModelStorage {
  return {
    ...storage,
    at: (position) => {
      const narrow = storage.at(position)
      return (tensor) =>
        tensor.category === 'embedding' || tensor.category === 'output'
          ? GGML_TYPES[WIDE_TABLE_TYPE]
          : narrow(tensor)
    },
  }
}

/**
 * Chooses the storage types of a model under a quantization: a recipe of llama.cpp, a format of vLLM or MLX, or a
 * publisher's mix.
 */
export function modelStorage(model: Model, quantization: Quantization): ModelStorage {
  const { id } = quantization
  if (isRecipe(id)) return recipeStorage(model, id, quantization)
  if (isPackedFormat(id)) return everywhere((tensor) => packedType(tensor, id))
  const mix = publisherMix(id)
  if (mix === undefined) throw new Error(`"${id}" is no quantization this version knows.`)
  if (mix.kind === 'wide-tables') return withWideTables(recipeStorage(model, mix.recipe, quantization))
  return everywhere(typicalBitsStorage(mix, quantPlan(model).facts))
}
