import { stat } from 'node:fs/promises'
import path from 'node:path'
import { loadCatalogue, type CatalogueFolders } from '#backend/catalog/catalog.ts'
import { OWN_FILES } from '#backend/catalog/own-files.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'

/** The catalogue, loaded once and again only when one of the user's own files changed. */
export function cachedCatalogue(folders: CatalogueFolders): () => Promise<Catalogue> {
  let loaded: { readonly version: string; readonly catalogue: Promise<Catalogue> } | null = null
  return async () => {
    const version = await ownFilesVersion(folders.userFolder)
    if (loaded?.version === version) return loaded.catalogue
    const fresh = { version, catalogue: loadCatalogue(folders) }
    loaded = fresh
    // A failure is not kept: the file may be repaired before the next question.
    fresh.catalogue.catch(() => {
      if (loaded === fresh) loaded = null
    })
    return fresh.catalogue
  }
}

async function ownFilesVersion(userFolder: string | null): Promise<string> {
  if (userFolder === null) return ''
  const files = Object.values(OWN_FILES).map(({ name }) => path.join(userFolder, name))
  const changed = await Promise.all(files.map((file) => stat(file).catch(() => null)))
  return changed.map((found) => `${found?.mtimeMs ?? 0}-${found?.size ?? 0}`).join(' ')
}
