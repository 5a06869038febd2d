import type * as z from 'zod'
import { acceleratorsFileSchema } from '#backend/catalog/schemas/accelerator-schema.ts'
import { licensesFileSchema } from '#backend/catalog/schemas/license-schema.ts'
import { modelsFileSchema } from '#backend/catalog/schemas/model-schema.ts'
import { qualityFileSchema } from '#backend/catalog/schemas/quality-schema.ts'
import { quantizationLossFileSchema } from '#backend/catalog/schemas/quantization-loss-schema.ts'
import { quantizationsFileSchema } from '#backend/catalog/schemas/quantization-schema.ts'
import { speedModelFileSchema } from '#backend/catalog/schemas/speed-model-schema.ts'
import { readShippedFile } from '#backend/catalog/shipped-file.ts'

/** Every shipped catalogue file with its schema: validated at start and by the tests, published as JSON Schema. */
export const CATALOGUE_FILES = {
  models: { name: 'models.json', schema: modelsFileSchema },
  accelerators: { name: 'accelerators.json', schema: acceleratorsFileSchema },
  quantizations: { name: 'quantizations.json', schema: quantizationsFileSchema },
  licenses: { name: 'licenses.json', schema: licensesFileSchema },
  quality: { name: 'quality-index.json', schema: qualityFileSchema },
  quantizationLoss: { name: 'quantization-loss.json', schema: quantizationLossFileSchema },
  speedModel: { name: 'speed-model.json', schema: speedModelFileSchema },
} as const

type Files = typeof CATALOGUE_FILES

export type ShippedCatalogue = { readonly [Key in keyof Files]: z.infer<Files[Key]['schema']> }

/** Reads and validates every shipped file, side by side. */
export async function readShippedCatalogue(dataFolder: string): Promise<ShippedCatalogue> {
  const entries = Object.entries(CATALOGUE_FILES).map(
    async ([key, { name, schema }]) => [key, await readShippedFile(dataFolder, name, schema)] as const,
  )
  return Object.fromEntries(await Promise.all(entries)) as ShippedCatalogue
}
