import { checkReferences } from '#backend/catalog/check-references.ts'
import { withOwnRecords } from '#backend/catalog/own-records.ts'
import { OWN_FILES } from '#backend/catalog/own-files.ts'
import { readShippedCatalogue } from '#backend/catalog/shipped-catalogue.ts'
import { readUserFile, type UserFile } from '#backend/catalog/user-file.ts'
import type { Catalogue, CatalogueProblem } from '#core/catalogue/catalogue.ts'
import { findLicense, type License } from '#core/license/license.ts'

/** Where the catalogue lies. */
export interface CatalogueFolders {
  /** The shipped catalogue. */
  readonly dataFolder: string
  /** The folder with the user's own `models.json` and `accelerators.json`; null: shipped records only. */
  readonly userFolder: string | null
}

/**
 * Loads and validates the whole catalogue. A damaged shipped file throws `CATALOGUE_CORRUPT`; a wrong entry of the user's
 * own files is named in `problems` and the rest loads. A user's record with a shipped id replaces the shipped one.
 */
export async function loadCatalogue({ dataFolder, userFolder }: CatalogueFolders): Promise<Catalogue> {
  const [shipped, ownModels, ownAccelerators] = await Promise.all([
    readShippedCatalogue(dataFolder),
    readUserFile(userFolder, OWN_FILES.models.name, OWN_FILES.models.schema),
    readUserFile(userFolder, OWN_FILES.accelerators.name, OWN_FILES.accelerators.schema),
  ])
  checkReferences(shipped, dataFolder)
  const licenses = shipped.licenses.records
  const models = withOwnRecords(shipped.models.records, withKnownLicenses(ownModels, licenses))
  const accelerators = withOwnRecords(shipped.accelerators.records, ownAccelerators)
  return {
    models: models.records,
    accelerators: accelerators.records,
    quantizations: shipped.quantizations.records,
    licenses,
    quality: shipped.quality,
    quantizationLoss: shipped.quantizationLoss,
    speedModel: shipped.speedModel,
    asOf: Object.values(shipped).reduce((newest, file) => (file.asOf > newest ? file.asOf : newest), ''),
    problems: [...models.problems, ...accelerators.problems],
  }
}

/** Leaves out a user's models whose license the table does not know: no verdict on them could be given. */
function withKnownLicenses<Entry extends { readonly id: string; readonly license: string }>(
  own: UserFile<Entry>,
  licenses: readonly License[],
): UserFile<Entry> {
  const problems: CatalogueProblem[] = []
  const records = own.records.filter(({ entry, line }) => {
    if (findLicense(entry.license, licenses) !== null) return true
    const message = `"${entry.id}" was left out: its license "${entry.license}" is not in the list of licenses.`
    problems.push({ file: own.file, line, message })
    return false
  })
  return { file: own.file, records, problems: [...own.problems, ...problems] }
}
