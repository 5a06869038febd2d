import * as z from 'zod'
import type { ModelHeader } from '#core/library/model-header.ts'

const filePath = z.string().min(1).max(4096)

/** A folder of the user's to look in for GGUF files. */
export const folderSchema = z.object({ path: filePath })

/** A GGUF file the user points at. */
export const importFileSchema = z.object({
  path: filePath,
  /** `reference`: used where it lies; `copy`: into the app's own folder, the original stays. */
  how: z.enum(['reference', 'copy']),
})

/** A file of the app's own folder. */
export const libraryFileSchema = z.object({ path: filePath })

/** `org/name` on the hub. */
export const repositorySchema = z.object({
  repository: z.string().regex(/^[\w.-]{1,96}\/[\w.-]{1,96}$/, 'must look like org/name'),
  revision: z
    .string()
    .regex(/^[\w./-]{1,200}$/)
    .nullable(),
})

/** Something to download. */
export const downloadWishSchema = repositorySchema.extend({
  /** Path inside the repository; of a sharded file the first shard. */
  file: z.string().min(1).max(500),
  /** The user has read what the license asks. */
  acceptLicense: z.boolean(),
})

export const downloadIdSchema = z.object({ id: z.string().min(1).max(100) })

/** Where models are fetched from. */
export const downloadSettingsSchema = z.object({
  /** Address of the hub or of a mirror that answers like it; null: https://huggingface.co. */
  mirror: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable(),
  /** Proxy for downloads; null: what the environment says (HTTPS_PROXY, NO_PROXY). */
  proxy: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable(),
})

export type DownloadWish = z.infer<typeof downloadWishSchema>
export type RepositoryWish = z.infer<typeof repositorySchema>
export type DownloadSettings = z.infer<typeof downloadSettingsSchema>

/** Programs that keep GGUF files, and our own places. */
export const LIBRARY_PLACES = [
  'pilot',
  'inhouse',
  'folder',
  'hugging-face',
  'lm-studio',
  'ollama',
  'llama.cpp',
  'jan',
  'gpt4all',
] as const
export type LibraryPlace = (typeof LIBRARY_PLACES)[number]

/** One model (or adapter) on this machine; a sharded one is one. */
export interface LibraryFile {
  /** Of the first shard. */
  readonly path: string
  readonly place: LibraryPlace
  /** As people call it: the file's own name for itself, the tag in Ollama, or the file name. */
  readonly name: string
  /** All shards. */
  readonly fileBytes: number
  readonly shards: number
  /** ISO time. */
  readonly modifiedAt: string
  /** `listed`: its header has not been read yet. */
  readonly state: 'listed' | 'read' | 'broken'
  /** Null until read, and of a broken one. */
  readonly header: ModelHeader | null
  /** What is wrong with it and what to do; null where nothing is. */
  readonly problem: string | null
  /** Catalogue model it is, or has the very shape of; null where none is known or it is no model. */
  readonly match: { readonly modelId: string; readonly matchedBy: 'name' | 'shape' } | null
}

/** What a scan of the library says as it goes: files new or read since the last update, by path. */
export interface LibraryUpdate {
  readonly files: readonly LibraryFile[]
  readonly readCount: number
  readonly foundCount: number
}

/** A finished scan. */
export interface Library {
  readonly files: readonly LibraryFile[]
  /** Folders looked into: the user's own and those of other programs that are there. */
  readonly folders: readonly LibraryFolder[]
  /** Where downloads and copies go. */
  readonly ownFolder: string
}

export interface LibraryFolder {
  readonly path: string
  readonly place: LibraryPlace
  readonly fileCount: number
  /** Why it could not be looked into; null where it could. */
  readonly problem: string | null
}

/** What a repository of the hub offers. */
export interface RepositoryFiles {
  readonly repository: string
  readonly revision: string
  /** SPDX id or the hub's name for it; null where none is stated. */
  readonly license: string | null
  /** Its license wants to be accepted, here or on the hub, before the download starts. */
  readonly mustAccept: boolean
  /** The hub lets only accounts in that asked for it: a token is needed. */
  readonly gated: boolean
  /** Where the license can be read. */
  readonly licenseUrl: string
  readonly files: readonly RepositoryFile[]
}

export interface RepositoryFile {
  /** Inside the repository; of shards the first. */
  readonly file: string
  readonly shards: number
  /** All shards. */
  readonly fileBytes: number
  /** Of each shard in order; null where the hub tells none, and then nothing can be checked but the length. */
  readonly sha256: readonly (string | null)[]
  /** Id of the catalogue's quantization by the file's name; null where it names none. */
  readonly quantizationId: string | null
  /** It is there already, whole. */
  readonly isHere: boolean
}

/** One download. */
export interface Download {
  readonly id: string
  readonly repository: string
  readonly file: string
  readonly state: 'running' | 'checking' | 'paused' | 'failed' | 'done' | 'cancelled'
  readonly totalBytes: number
  readonly doneBytes: number
  /** Of the last seconds; null while it cannot be told. */
  readonly bytesPerSecond: number | null
  readonly secondsLeft: number | null
  /** Of a failed one: what happened and what to do; of a running one: why it waits before it tries again. */
  readonly problem: { readonly code: string; readonly message: string; readonly nextStep: string } | null
  /** Of a finished one: where the (first) file lies. */
  readonly path: string | null
}
