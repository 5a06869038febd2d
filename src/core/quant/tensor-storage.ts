import type { Model } from '#core/model/model.ts'
import { GGML_TYPES, type StorageType } from '#core/quant/ggml-type.ts'
import { isPackedFormat, packedType } from '#core/quant/packed-format.ts'
import { quantPlan, type LayerPosition } from '#core/quant/quant-plan.ts'
import type { QuantTensor } from '#core/quant/quant-tensor.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import { isRecipe, recipeType, type RecipeOptions } from '#core/quant/recipe.ts'

/** How one quantization stores each tensor of a model; `position` is null outside the layers. */
export type TensorStorage = (tensor: QuantTensor, position: LayerPosition | null) => StorageType

/** Chooses the storage types of a model under a quantization: a GGUF recipe, or a format of vLLM or MLX. */
export function tensorStorage(model: Model, quantization: Quantization): TensorStorage {
  const { id, usesImportanceMatrix } = quantization
  if (isPackedFormat(id)) return (tensor) => packedType(tensor, id)
  if (!isRecipe(id)) throw new Error(`"${id}" is no quantization this version knows.`)
  const options: RecipeOptions = {
    recipe: id,
    importanceMatrix: usesImportanceMatrix,
    facts: quantPlan(model).facts,
  }
  return (tensor, position) => GGML_TYPES[recipeType(tensor, position, options)]
}
