import type { Download, RepositoryFile, RepositoryFiles } from '#contract/library.ts'

/** `download --list --json`. */
export function repositoryJson({ files, ...repository }: RepositoryFiles) {
  return {
    ...repository,
    files: files.map(({ quantizationId: quantization, ...file }) => ({ ...file, quantization })),
  }
}

/** `download --json`. */
export function downloadJson(
  { file, path, repository, totalBytes: fileBytes }: Download,
  { quantizationId: quantization, sha256, shards }: RepositoryFile,
) {
  return { repository, file, quantization, shards, fileBytes, path, sha256, checked: checkedBy(sha256) }
}

/** What a finished download was held to; of a model in parts what all of them were. */
export function checkedBy(sha256: RepositoryFile['sha256']): 'sha256' | 'length' {
  return sha256.includes(null) ? 'length' : 'sha256'
}
