import { fileURLToPath } from 'node:url'
import { loadCatalogue } from '#backend/catalog/catalog.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'

/** The shipped catalogue as the product loads it, for tests that ask questions of the real records. */
export const shippedCatalogue: Catalogue = await loadCatalogue({
  dataFolder: fileURLToPath(new URL('../data', import.meta.url)),
  userFolder: null,
})
