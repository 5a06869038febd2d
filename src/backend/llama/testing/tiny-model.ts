import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import type { Architecture, Model } from '#core/model/model.ts'
import type { Quantization } from '#core/quant/quantization.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'

/** Sizes of a model of some hundred kilobytes that llama.cpp loads in milliseconds. */
const TINY: Partial<Architecture> = {
  layers: 2,
  hidden: 64,
  heads: 4,
  kvHeads: 2,
  headDimension: 16,
  ffn: 128,
  vocabulary: 512,
  contextTokens: 4096,
}

/** Writes a tiny model with random weights: it says nonsense, but says it as any model would. */
export async function writeTinyModel(
  catalogue: Catalogue,
  path: string,
  options: { readonly seed?: number; readonly chatTemplate?: string } = {},
): Promise<void> {
  const base = found(catalogue.models, 'meta-llama/Llama-3.1-8B-Instruct')
  const quantization: Quantization = found(catalogue.quantizations, 'F16')
  const architecture = { ...base.architecture, ...TINY }
  const model: Model = {
    ...base,
    architecture: { ...architecture, attention: { ...architecture.attention, fullLayers: 2 } },
  }
  await writeModelFile({ model, quantization, path, fill: 'random', ...options })
}

function found<Value extends { readonly id: string }>(all: readonly Value[], id: string): Value {
  const value = all.find((one) => one.id === id)
  if (value === undefined) throw new Error(`the catalogue has no ${id}`)
  return value
}
