import { InhouseError } from '#contract/inhouse-error.ts'
import type { RepositoryFile, RepositoryFiles, RepositoryWish } from '#contract/library.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import type { Model } from '#core/model/model.ts'
import { nativeQuantization } from '#core/quality/quantization-loss.ts'

/** A model of the catalogue, in a quantization. */
export interface ModelWish {
  readonly modelId: string
  /** Null: the recommended one. */
  readonly quantizationId: string | null
}

/** Where it is, and which of the files there it is. */
export interface ModelOffer {
  readonly files: RepositoryFiles
  readonly file: RepositoryFile
}

/** The most downloaded format of llama.cpp, and the smallest whose loss is small. */
const USUAL_QUANTIZATION = 'Q4_K_M'
/** Files beside a model that are no model of their own: the eye of one that sees, and what quantizing was guided by. */
const COMPANIONS = /(?:^|[/._-])(?:mmproj|imatrix|mtp)(?=[/._-])/i

/** The repository the catalogue names for a model; throws, with what to search for, where it names none. */
export function repositoryOf(modelId: string, catalogue: Catalogue): RepositoryWish {
  const { ggufRepository: repository, name } = requireModel(modelId, catalogue)
  if (repository !== null) return { repository, revision: null }
  throw new InhouseError({
    code: 'REMOTE_NOT_FOUND',
    message: `The catalogue names no repository with GGUF files of ${name}.`,
    nextStep: `Search the hub for "${modelId.split('/').at(-1)} GGUF" and name what you find: hf:org/repository`,
  })
}

/**
 * The file to download for a model of the catalogue: asks the hub what the repository has (`list`), then takes the
 * quantization asked for, or the usual four bits (the release's own format where that is quantized already).
 */
export async function downloadWishFor(
  { modelId, quantizationId }: ModelWish,
  catalogue: Catalogue,
  list: (wish: RepositoryWish) => Promise<RepositoryFiles>,
): Promise<ModelOffer> {
  const files = await list(repositoryOf(modelId, catalogue))
  const wanted = quantizationId ?? recommendedQuantization(modelId, catalogue)
  return { files, file: fileOfQuantization(files, wanted) }
}

/** What is recommended where nothing is asked for. */
export function recommendedQuantization(modelId: string, catalogue: Catalogue): string {
  return nativeQuantization(modelId, catalogue.quantizationLoss) ?? USUAL_QUANTIZATION
}

/** The model file of a quantization; throws, with what there is, where there is none. */
export function fileOfQuantization(
  { files, repository }: RepositoryFiles,
  quantizationId: string,
): RepositoryFile {
  const models = files.filter(({ file }) => !COMPANIONS.test(file))
  const [found] = models
    .filter((file) => file.quantizationId === quantizationId)
    // Of several (a repository with two models in it) the plainer name.
    .toSorted((left, right) => left.file.length - right.file.length)
  if (found !== undefined) return found
  const offered = new Set(models.flatMap((file) => file.quantizationId ?? []))
  throw new InhouseError({
    code: 'REMOTE_NOT_FOUND',
    message: `${repository} has no file named by ${quantizationId}.`,
    nextStep:
      offered.size === 0 ? 'List its files and name one of them.' : `It has: ${[...offered].join(', ')}.`,
  })
}

function requireModel(modelId: string, { models }: Catalogue): Model {
  const model = models.find(({ id }) => id === modelId)
  if (model !== undefined) return model
  throw new InhouseError({
    code: 'UNKNOWN_MODEL',
    message: `No model of the catalogue is called "${modelId}".`,
    nextStep: 'List them with: inhouse models',
  })
}
