import { acceleratorSchema } from '#backend/catalog/schemas/accelerator-schema.ts'
import { modelSchema } from '#backend/catalog/schemas/model-schema.ts'
import { ownRecordSchema } from '#backend/catalog/schemas/own-record-schema.ts'

/** The files of their own that users may keep in the app's folder, each a list of records of this schema. */
export const OWN_FILES = {
  models: { name: 'models.json', schema: ownRecordSchema(modelSchema) },
  accelerators: { name: 'accelerators.json', schema: ownRecordSchema(acceleratorSchema) },
} as const
