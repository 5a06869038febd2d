import path from 'node:path'
import { corruptCatalogue } from '#backend/catalog/shipped-file.ts'
import { CATALOGUE_FILES, type ShippedCatalogue } from '#backend/catalog/shipped-catalogue.ts'
import { findLicense } from '#core/license/license.ts'

/** Checks what a schema cannot: ids are unique, and what a record names exists. Throws `CATALOGUE_CORRUPT`. */
export function checkReferences(shipped: ShippedCatalogue, dataFolder: string): void {
  const fail = (key: keyof ShippedCatalogue, reason: string): never => {
    throw corruptCatalogue(path.join(dataFolder, CATALOGUE_FILES[key].name), reason)
  }
  for (const key of ['models', 'accelerators', 'quantizations', 'licenses'] as const) {
    const twice = firstRepeated(shipped[key].records.map((record) => record.id))
    if (twice !== null)
      fail(key, `the id "${twice.id}" is there twice (second time at records[${twice.index}])`)
  }
  for (const [index, model] of shipped.models.records.entries()) {
    if (findLicense(model.license, shipped.licenses.records) === null) {
      fail(
        'models',
        `records[${index}].license: "${model.license}" is not in ${CATALOGUE_FILES.licenses.name}`,
      )
    }
  }
}

function firstRepeated(ids: readonly string[]): { readonly id: string; readonly index: number } | null {
  const seen = new Set<string>()
  for (const [index, id] of ids.entries()) {
    if (seen.has(id)) return { id, index }
    seen.add(id)
  }
  return null
}
