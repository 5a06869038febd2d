import { repositorySchema, type RepositoryWish } from '#contract/library.ts'
import { usageError } from '../usage-error.ts'

/** A repository of the hub, and a file in it if one was named. */
export interface HubName {
  readonly wish: RepositoryWish
  readonly file: string | null
}

/** As a browser shows them: `https://huggingface.co/org/name/blob/main/file.gguf`. */
const PAGE = /^https:\/\/(?:huggingface\.co|hf\.co)\/([^?#]*)/
const IN_PAGE = /^([^/]+\/[^/]+)\/(?:blob|resolve|tree)\/([^/]+)(?:\/(.+))?$/

/** `hf:org/name`, `hf:org/name/file.gguf#revision`, or the address of its page; null for anything else. */
export function parseHubName(text: string): HubName | null {
  const page = PAGE.exec(text)?.[1]?.replace(/\/$/, '')
  if (page !== undefined) {
    const [, repository = page, revision = null, file = null] = IN_PAGE.exec(page) ?? []
    return hubName(text, { repository, revision: decoded(revision), file: decoded(file) })
  }
  if (!text.startsWith('hf:')) return null
  const [, name = '', revision = null] = /^hf:(?:\/\/)?([^#]*)(?:#(.+))?$/.exec(text) ?? []
  const [owner = '', repository = '', ...path] = name.split('/')
  const file = path.length === 0 ? null : path.join('/')
  return hubName(text, { repository: `${owner}/${repository}`, revision, file })
}

function hubName(text: string, parts: RepositoryWish & { readonly file: string | null }): HubName {
  const { data: wish } = repositorySchema.safeParse(parts)
  if (wish !== undefined && parts.file !== '') return { wish, file: parts.file }
  throw usageError(`"${text}" names no repository.`, 'Write hf:org/repository or hf:org/repository/file.gguf')
}

function decoded(part: string | null): string | null {
  try {
    return part === null ? null : decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return part
    throw error
  }
}
