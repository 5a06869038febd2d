import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { findModelFile } from '#backend/library/find-model-file.ts'
import { copyFiles } from '#backend/library/import-file.ts'
import { inTurn } from '#backend/library/in-turn.ts'
import { otherPrograms, type ModelFolder } from '#backend/library/places.ts'
import { readModelHeader } from '#backend/library/read-model-header.ts'
import { receiveFile, type FileToReceive } from '#backend/library/receive-file.ts'
import { openReferences } from '#backend/library/references.ts'
import { isInside, removeOwnFile } from '#backend/library/remove-file.ts'
import { readOneFile, scanLibrary } from '#backend/library/scan-library.ts'
import type { AppFolders } from '#backend/store/app-folders.ts'
import { readLastScan } from '#backend/store/last-scan.ts'
import type { SettingsFile } from '#backend/store/settings-file.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { Library as FinishedLibrary, LibraryFile, LibraryUpdate } from '#contract/library.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'

/** Whose models, and what is known about models. */
export interface LibraryOptions {
  readonly folders: Pick<AppFolders, 'dataFolder' | 'userFolder'>
  readonly settings: SettingsFile
  readonly catalogue: () => Promise<Catalogue>
  /** Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv
  readonly homeFolder?: string
  readonly platform?: NodeJS.Platform
}

/** The models on this machine. */
export interface Library {
  /** Where downloads and copies go. */
  readonly ownFolder: string
  /** Looks through all places: names at once, then headers; files as they are read. */
  scan(signal?: AbortSignal): AsyncGenerator<LibraryUpdate, FinishedLibrary>
  /**
   * A file by its path, its name, or the catalogue model it is of; of several the best quantization that fits. Throws
   * `FILE_NOT_FOUND`, `FILE_INVALID`, `BAD_USAGE` (several, and none fits).
   */
  find(nameOrPath: string): Promise<LibraryFile>
  /** The model that ships with the app. */
  pilot(): Promise<LibraryFile>
  /** Both answer the folders that are looked in now. */
  addFolder(folder: string): Promise<readonly string[]>
  removeFolder(folder: string): Promise<readonly string[]>
  /** Adds one file, where it lies or as a copy; returns it as the library lists it. */
  importFile(
    wish: { readonly path: string; readonly how: 'reference' | 'copy' },
    signal?: AbortSignal,
  ): AsyncGenerator<{ readonly fraction: number }, LibraryFile>
  /** Takes a file that a page sends; answers where it lies. */
  receiveFile(file: FileToReceive): Promise<string>
  /** Deletes a file of the app's own folder, or forgets a reference; anything else is refused. */
  remove(file: string): Promise<void>
}

/** The library of one user. Nothing is copied, moved or deleted unless asked. */
export function createLibrary(options: LibraryOptions): Library {
  const { catalogue, folders, settings } = options
  const ownFolder = path.join(folders.userFolder, 'models')
  const references = openReferences(folders.userFolder)
  const turns = inTurn()
  const models = async () => (await catalogue()).models
  const readAt = async (file: string) =>
    readOneFile(file, { place: await placeOf(file, folders.dataFolder, ownFolder), models: await models() })
  async function* scan(signal?: AbortSignal) {
    return yield* scanLibrary({
      folders: modelFolders(options, ownFolder, (await settings.read()).libraryFolders),
      references: await references.list(),
      ownFolder,
      userFolder: folders.userFolder,
      models: models(),
      signal,
    })
  }
  const pilot = async () =>
    readOneFile(await pilotFile(folders.dataFolder), { place: 'pilot', models: await models() })
  return {
    ownFolder,
    scan,
    pilot,
    async find(nameOrPath) {
      if (looksLikePath(nameOrPath) || (await isFile(nameOrPath))) return readAt(path.resolve(nameOrPath))
      if (nameOrPath.toLowerCase() === 'pilot') return pilot()
      const { files } = await resultOf(scan())
      return findModelFile(nameOrPath, {
        files: files.filter(({ state }) => state === 'read'),
        catalogue: await catalogue(),
        machine: await readLastScan(folders.userFolder),
      })
    },
    addFolder: (folder) =>
      turns(async () => {
        const added = await existingFolder(folder)
        const known = (await settings.read()).libraryFolders
        if (known.includes(added)) return known
        return (await settings.change({ libraryFolders: [...known, added] })).libraryFolders
      }),
    removeFolder: (folder) =>
      turns(async () => {
        const known = (await settings.read()).libraryFolders
        const left = known.filter((one) => one !== folder && one !== path.resolve(folder))
        if (left.length === known.length) throw unknownFolder(folder)
        return (await settings.change({ libraryFolders: left })).libraryFolders
      }),
    async *importFile({ how, path: wished }, signal) {
      const file = absolute(wished)
      const { fileBytes, shards } = await readModelHeader(file)
      const first = shards[0] ?? file
      if (await isInside(first, ownFolder)) return readAt(first)
      if (how === 'reference') {
        await references.add(first)
        return readOneFile(first, { place: 'inhouse', models: await models() })
      }
      return readAt(yield* copyFiles({ files: shards, totalBytes: fileBytes, folder: ownFolder, signal }))
    },
    receiveFile: (file) => receiveFile(file, ownFolder),
    async remove(file) {
      const absoluteFile = absolute(file)
      if (!(await references.remove(absoluteFile))) await removeOwnFile(absoluteFile, ownFolder)
    },
  }
}

function modelFolders(
  { environment = process.env, folders, homeFolder = homedir(), platform = process.platform }: LibraryOptions,
  ownFolder: string,
  userFolders: readonly string[],
): readonly ModelFolder[] {
  return [
    { path: path.join(folders.dataFolder, 'pilot'), place: 'pilot', layout: 'tree' },
    { path: ownFolder, place: 'inhouse', layout: 'tree' },
    ...userFolders.map((folder): ModelFolder => ({ path: folder, place: 'folder', layout: 'tree' })),
    ...otherPrograms({ environment, homeFolder, platform }),
  ]
}

async function placeOf(file: string, dataFolder: string, ownFolder: string): Promise<LibraryFile['place']> {
  if (await isInside(file, path.join(dataFolder, 'pilot'))) return 'pilot'
  return (await isInside(file, ownFolder)) ? 'inhouse' : 'folder'
}

async function pilotFile(dataFolder: string): Promise<string> {
  const folder = path.join(dataFolder, 'pilot')
  const names = await readdir(folder).catch(() => [])
  const [name] = names
    .filter((one) => one.endsWith('.gguf'))
    .toSorted((left, right) => (left < right ? -1 : 1))
  if (name !== undefined) return path.join(folder, name)
  throw new InhouseError({
    code: 'FILE_NOT_FOUND',
    message: `The pilot is missing from ${folder}.`,
    nextStep: 'Install Inhouse again, or name a model file of yours.',
  })
}

async function resultOf<Result>(stream: AsyncGenerator<unknown, Result>): Promise<Result> {
  for (;;) {
    const step = await stream.next()
    if (step.done === true) return step.value
  }
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
}

/** A catalogue id has a slash too ("Qwen/Qwen3-8B"), but neither starts nor ends like a path. */
function looksLikePath(name: string): boolean {
  return path.isAbsolute(name) || /^\.{1,2}[\\/]|^~[\\/]|[\\/].*\.gguf$/i.test(name)
}

function absolute(file: string): string {
  if (path.isAbsolute(file)) return path.normalize(file)
  throw new InhouseError({
    code: 'BAD_USAGE',
    message: `"${file}" is not a whole path.`,
    nextStep: 'Write it from the root of the disk on.',
  })
}

async function existingFolder(folder: string): Promise<string> {
  const added = path.resolve(absolute(folder))
  const found = await stat(added).catch(() => null)
  if (found?.isDirectory() === true) return added
  throw new InhouseError({
    code: 'FILE_NOT_FOUND',
    message: found === null ? `There is no folder ${added}.` : `${added} is not a folder.`,
    nextStep: 'Check the path; it must be a folder that exists.',
  })
}

function unknownFolder(folder: string): InhouseError {
  return new InhouseError({
    code: 'FILE_NOT_FOUND',
    message: `${folder} is not among the folders that are looked in.`,
    nextStep: 'See them with: inhouse library',
  })
}
