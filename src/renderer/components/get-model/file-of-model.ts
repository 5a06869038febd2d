import type { LibraryFile } from '#contract/library.ts'

/** The file on this machine that is this model in this quantization; another model of the same shape is not it. */
export function fileOfModel(
  files: readonly LibraryFile[],
  modelId: string,
  quantizationId: string,
): LibraryFile | null {
  const found = files.find(
    ({ match, header }) =>
      match?.modelId === modelId &&
      match.matchedBy === 'name' &&
      header?.kind === 'model' &&
      header.quantizationId === quantizationId,
  )
  return found ?? null
}
