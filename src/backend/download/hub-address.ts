import { InhouseError } from '#contract/inhouse-error.ts'
import type { DownloadSettings, RepositoryWish } from '#contract/library.ts'

const HUB = 'https://huggingface.co'

/** Of the hub, or of the mirror of the settings. */
export function hubAddress({ mirror }: DownloadSettings): URL {
  return new URL((mirror ?? HUB).replace(/\/+$/, ''))
}

/** Where the hub tells about a repository. */
export function repositoryUrl(hub: URL, { repository, revision }: RepositoryWish): URL {
  return below(
    hub,
    `api/models/${inPath(repository)}/revision/${encodeURIComponent(revision ?? 'main')}?blobs=true`,
  )
}

/** Where the hub gives a file of one version of a repository. */
export function fileUrl(
  hub: URL,
  where: { readonly repository: string; readonly version: string; readonly file: string },
): URL {
  const { file, repository, version } = where
  return below(hub, `${inPath(repository)}/resolve/${encodeURIComponent(version)}/${inPath(file)}`)
}

/** The page for people. */
export function pageUrl(hub: URL, repository: string): string {
  return `${hub.origin}${hub.pathname.replace(/\/$/, '')}/${inPath(repository)}`
}

/** Dots that would climb out of the address are no names. */
export function checkRepository({ repository, revision }: RepositoryWish): void {
  const parts = [...repository.split('/'), ...(revision ?? '').split('/')]
  if (!parts.some((part) => /^\.+$/.test(part))) return
  throw new InhouseError({
    code: 'REMOTE_NOT_FOUND',
    message: `"${repository}" is no name of a repository.`,
    nextStep: 'It looks like org/name.',
  })
}

function below(hub: URL, path: string): URL {
  return new URL(`${hub.href.replace(/\/+$/, '')}/${path}`)
}

function inPath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/')
}
