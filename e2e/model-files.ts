import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { writeModelFile } from '#backend/gguf/write-model-file.ts'
import { shippedCatalogue } from '../test/shipped-catalogue.ts'

/** Writes a model of two layers and 600 words, some hundred kilobytes; its tensors are zeros. */
export async function writeSmallModel(file: string, modelId = 'Qwen/Qwen3-8B'): Promise<string> {
  const model = shippedCatalogue.models.find(({ id }) => id === modelId)
  const quantization = shippedCatalogue.quantizations.find(({ id }) => id === 'Q8_0')
  if (model === undefined || quantization === undefined) throw new Error(`the catalogue lacks ${modelId}`)
  await mkdir(path.dirname(file), { recursive: true })
  const architecture = { ...model.architecture, layers: 2, hidden: 64, ffn: 128, vocabulary: 600 }
  await writeModelFile({ model: { ...model, architecture }, quantization, path: file, fill: 'zeros' })
  return file
}

/** Writes what begins like a model file and then is none. */
export async function writeBrokenModel(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, 'GGUF and then nothing of the kind')
  return file
}
