import type { Library, LibraryFile } from '#contract/library.ts'
import type { FileFit } from '#core/library/file-fit.ts'

/** A model file, whether it fits here, and its license by its own word or its catalogue model's. */
export interface ListedFile {
  readonly file: LibraryFile
  /** Null for what is no model, and where nobody asked. */
  readonly fit: FileFit | null
  readonly license: string | null
  /** Of the catalogue model it is or has the shape of. */
  readonly modelName: string | null
}

/** A finished scan with what is known of each file. */
export interface LibraryView extends Omit<Library, 'files'> {
  readonly files: readonly ListedFile[]
}

/** `library --json`. */
export function libraryJson({ files, folders, ownFolder }: LibraryView) {
  return { files: files.map(libraryFileJson), folders, ownFolder }
}

/** One file of it; also `library import --json`. */
export function libraryFileJson({ file, fit, license }: ListedFile) {
  const { header } = file
  return {
    path: file.path,
    place: file.place,
    name: file.name,
    fileBytes: file.fileBytes,
    shards: file.shards,
    modifiedAt: file.modifiedAt,
    kind: header?.kind ?? null,
    architecture: header?.architecture ?? null,
    parameters: header?.parameters ?? null,
    quantization: header?.quantizationId ?? header?.quantizationName ?? null,
    contextTokens: header?.contextTokens ?? null,
    license,
    match: file.match === null ? null : { model: file.match.modelId, by: file.match.matchedBy },
    fit,
    problem: file.problem,
  }
}
