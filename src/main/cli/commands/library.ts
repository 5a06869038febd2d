import { existsSync } from 'node:fs'
import path from 'node:path'
import { createLibrary, type Library } from '#backend/library/library.ts'
import { settingsFile } from '#backend/store/settings-file.ts'
import { fileFit } from '#core/library/file-fit.ts'
import { untilCancelled } from '../cancel-signal.ts'
import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { followProgress } from '../follow-progress.ts'
import type { MachineOptions } from '../input/machine-options.ts'
import { libraryFileJson, libraryJson, type ListedFile } from '../json/library-json.ts'
import { openCatalogue, openSession } from '../open-session.ts'
import { plainText } from '../text/plain-text.ts'

export interface LibraryListOptions extends MachineOptions {
  readonly json?: boolean
}

/** `inhouse library`. */
export async function listLibrary(options: LibraryListOptions, context: CliContext): Promise<void> {
  const opening = openSession(options, context)
  const library = libraryOf(context, async () => (await opening).catalogue)
  const found = await untilCancelled((signal) =>
    followProgress(
      library.scan(signal),
      context,
      ({ foundCount, readCount }) => `Reading models: ${readCount} of ${foundCount}`,
    ),
  )
  const { catalogue, machine } = await opening
  const files = found.files.map((file): ListedFile => {
    const { fileBytes, header, match } = file
    const fit =
      header === null
        ? null
        : fileFit({ header, fileBytes, modelId: match?.modelId ?? null }, machine, catalogue)
    const model = catalogue.models.find(({ id }) => id === match?.modelId)
    const license = header?.license ?? (match?.matchedBy === 'name' ? model?.license : null) ?? null
    return { file, fit, license, modelName: model?.name ?? null }
  })
  const view = { ...found, files }
  if (options.json === true) return writeJson(context, libraryJson(view))
  const { libraryText } = await import('../text/library-text.ts')
  await context.write(libraryText(view, context.style))
}

/** `inhouse library add FOLDER`. */
export async function addToLibrary(folder: string, context: CliContext): Promise<void> {
  const added = path.resolve(folder)
  await libraryOf(context).addFolder(added)
  await context.write(`Looks for models in ${plainText(added)} from now on\n`)
}

/** `inhouse library remove PATH`: a folder that is looked in, else a file. */
export async function removeFromLibrary(name: string, context: CliContext): Promise<void> {
  const removed = path.resolve(name)
  const library = libraryOf(context)
  const { libraryFolders } = await settingsFile(context.userFolder).read()
  if (libraryFolders.includes(removed)) {
    await library.removeFolder(removed)
    return context.write(`Looks in ${plainText(removed)} no more; its files stay\n`)
  }
  await library.remove(removed)
  await context.write(
    existsSync(removed)
      ? `Forgot ${plainText(removed)}; the file stays\n`
      : `Deleted ${plainText(removed)}\n`,
  )
}

/** `inhouse library import FILE`. */
export async function importIntoLibrary(
  name: string,
  options: { readonly copy?: boolean; readonly json?: boolean },
  context: CliContext,
): Promise<void> {
  const wish = { path: path.resolve(name), how: options.copy === true ? 'copy' : 'reference' } as const
  const library = libraryOf(context)
  const file = await untilCancelled((signal) =>
    followProgress(
      library.importFile(wish, signal),
      context,
      ({ fraction }) => `Copying: ${Math.floor(fraction * 100)} %`,
    ),
  )
  if (options.json === true)
    return writeJson(
      context,
      libraryFileJson({ file, fit: null, license: file.header?.license ?? null, modelName: null }),
    )
  await context.write(
    `${options.copy === true ? 'Copied to' : 'Uses'} ${plainText(file.path)} (${plainText(file.name)})\n`,
  )
}

function libraryOf(context: CliContext, catalogue = () => openCatalogue(context)): Library {
  return createLibrary({ folders: context, settings: settingsFile(context.userFolder), catalogue })
}
