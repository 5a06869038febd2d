import { downloadWishFor, fileOfQuantization, repositoryOf } from '#backend/download/download-wish-for.ts'
import { createDownloads, type Downloads } from '#backend/download/downloads.ts'
import { environmentSecrets } from '#backend/store/secrets.ts'
import { settingsFile } from '#backend/store/settings-file.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { Download, RepositoryFile, RepositoryFiles } from '#contract/library.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { untilCancelled } from '../cancel-signal.ts'
import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { followProgress } from '../follow-progress.ts'
import { requireModel, requireQuantization } from '../input/find-record.ts'
import { parseHubName } from '../input/parse-hub-name.ts'
import { downloadJson, repositoryJson } from '../json/download-json.ts'
import { openCatalogue } from '../open-session.ts'
import { announceText, downloadedText, downloadProgressText, repositoryText } from '../text/download-text.ts'

export interface DownloadOptions {
  readonly quant?: string
  readonly list?: boolean
  readonly acceptLicense?: boolean
  readonly mirror?: string
  readonly proxy?: string
  readonly json?: boolean
}

/** What a repository offers, and which of it is meant; null: nobody said. */
interface Offer {
  readonly files: RepositoryFiles
  readonly file: RepositoryFile | null
}

interface Asking {
  readonly options: DownloadOptions
  readonly catalogue: Catalogue
  readonly downloads: Downloads
  readonly signal: AbortSignal
}

/** `inhouse download WHAT`. */
export async function download(what: string, options: DownloadOptions, context: CliContext): Promise<void> {
  const catalogue = await openCatalogue(context)
  const downloads = openDownloads(options, catalogue, context)
  try {
    await untilCancelled(async (signal) => {
      const { file, files } = await unlessCancelled(
        findOffer(what, { options, catalogue, downloads, signal }),
        signal,
      )
      if (file === null) return writeOffer(files, options, context)
      const done = await fetchFile(what, { files, file }, { options, downloads, signal, context })
      if (options.json === true) return writeJson(context, downloadJson(done, file))
      await context.write(downloadedText(done, file))
    })
  } finally {
    downloads.close()
  }
}

/** What the command line says goes before the settings, for this once. */
function openDownloads(options: DownloadOptions, catalogue: Catalogue, context: CliContext): Downloads {
  const kept = settingsFile(context.userFolder)
  const { mirror, proxy } = options
  return createDownloads({
    folders: context,
    settings: {
      async read() {
        const settings = await kept.read()
        const { downloads } = settings
        return {
          ...settings,
          downloads: { mirror: mirror ?? downloads.mirror, proxy: proxy ?? downloads.proxy },
        }
      },
    },
    token: () => environmentSecrets(process.env, () => Promise.resolve(undefined)).get('hugging-face'),
    catalogue: () => Promise.resolve(catalogue),
  })
}

async function findOffer(what: string, { catalogue, downloads, options, signal }: Asking): Promise<Offer> {
  const list = (wish: Parameters<Downloads['files']>[0]) => downloads.files(wish, signal)
  const quantizationId =
    options.quant === undefined ? null : requireQuantization(options.quant, catalogue.quantizations).id
  const named = parseHubName(what)
  if (named === null) {
    const modelId = requireModel(what, catalogue).id
    if (options.list === true) return { files: await list(repositoryOf(modelId, catalogue)), file: null }
    return downloadWishFor({ modelId, quantizationId }, catalogue, list)
  }
  const files = await list(named.wish)
  if (options.list === true) return { files, file: null }
  if (named.file !== null) return { files, file: requireFile(named.file, files) }
  return { files, file: quantizationId === null ? null : fileOfQuantization(files, quantizationId) }
}

function requireFile(name: string, { files, repository }: RepositoryFiles): RepositoryFile {
  const found = files.find(({ file }) => file === name)
  if (found !== undefined) return found
  throw new InhouseError({
    code: 'REMOTE_NOT_FOUND',
    message: `${repository} offers no GGUF file "${name}".`,
    nextStep: `List what it offers (of a model in parts the first is named): inhouse download hf:${repository} --list`,
  })
}

async function writeOffer(
  files: RepositoryFiles,
  { json }: DownloadOptions,
  context: CliContext,
): Promise<void> {
  if (json === true) return writeJson(context, repositoryJson(files))
  await context.write(repositoryText(files, context.style))
}

/** A run answers what it paused at; everything before it just ends. */
async function unlessCancelled<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (!signal.aborted) throw error
    throw new InhouseError({
      code: 'DOWNLOAD_CANCELLED',
      message: 'Cancelled before anything was fetched.',
      nextStep: 'Start it again whenever you want.',
      cause: error,
    })
  }
}

interface Fetching {
  readonly options: DownloadOptions
  readonly downloads: Downloads
  readonly signal: AbortSignal
  readonly context: CliContext
}

async function fetchFile(
  what: string,
  { file, files }: { readonly files: RepositoryFiles; readonly file: RepositoryFile },
  { context, downloads, options, signal }: Fetching,
): Promise<Download> {
  context.writeError(`${announceText(files, file)}\n`)
  const wish = {
    repository: files.repository,
    revision: files.revision,
    file: file.file,
    acceptLicense: options.acceptLicense === true,
  }
  const done = await unlessCancelled(
    followProgress(downloads.run(wish, signal), context, downloadProgressText),
    signal,
  )
  if (done.state === 'done') return done
  throw new InhouseError({
    code: 'DOWNLOAD_CANCELLED',
    message: `Paused: ${downloadProgressText(done)}.`,
    nextStep: `Go on with the same command: inhouse download ${what}`,
  })
}
