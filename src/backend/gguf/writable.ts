import { InhouseError } from '#contract/inhouse-error.ts'
import type { Model } from '#core/model/model.ts'
import { GGML_TYPES, type GgmlType, type StorageType } from '#core/quant/ggml-type.ts'
import { publisherMix } from '#core/quant/publisher-mix.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import { isRecipe } from '#core/quant/recipe-id.ts'

const typeByName: ReadonlyMap<string, GgmlType> = new Map(
  Object.values(GGML_TYPES).map((type) => [type.name, type] as const),
)

/** The GGUF type behind a storage type; undefined for what no GGUF file can hold. */
export function ggmlTypeOf(type: StorageType): GgmlType | undefined {
  const found = typeByName.get(type.name)
  return found?.blockBytes === type.blockBytes && found.blockSize === type.blockSize ? found : undefined
}

/**
 * True for the quantizations a file can be written in: every recipe of llama.cpp and the publishers' mixes that are one
 * with wide tables (Q4_K_L, …). Not: mixes known only by their typical bits (UD-…), whose types differ from model to
 * model, and formats of other engines.
 */
export function isWritableQuantization({ engines, id }: Quantization): boolean {
  if (!engines.includes('llama.cpp')) return false
  return isRecipe(id) || publisherMix(id)?.kind === 'wide-tables'
}

/** Throws `CANNOT_WRITE_MODEL` where no file can be written that llama.cpp would read. */
export function assertWritable(model: Model, quantization: Quantization): void {
  if (model.architecture.gguf === null)
    throw new InhouseError({
      code: 'CANNOT_WRITE_MODEL',
      message: `llama.cpp has no loader for ${model.name}, so it cannot be tried without its weights.`,
      nextStep: 'Choose another model; the estimates for this one stand.',
    })
  if (!isWritableQuantization(quantization))
    throw new InhouseError({
      code: 'CANNOT_WRITE_MODEL',
      message: `${quantization.id} is no recipe of llama.cpp: which type each tensor has is not known.`,
      nextStep: 'Choose a recipe with about as many bits, such as Q4_K_M.',
    })
}
