import path from 'node:path'
import type { LibraryEntry } from '#backend/library/library-entries.ts'
import { shardName } from '#backend/library/header/shards.ts'
import type { LibraryFile } from '#contract/library.ts'
import { matchModel } from '#core/library/match-model.ts'
import type { ModelHeader } from '#core/library/model-header.ts'
import type { Model } from '#core/model/model.ts'

/** How far the header of a file is known. */
export type HeaderState =
  | { readonly state: 'listed' }
  | { readonly state: 'read'; readonly header: ModelHeader }
  | { readonly state: 'broken'; readonly problem: string }

/** A file as the library lists it. */
export function libraryFile(entry: LibraryEntry, known: HeaderState, models: readonly Model[]): LibraryFile {
  const header = known.state === 'read' ? known.header : null
  const { fileBytes, listedName, modifiedMs, path: file, place, shards } = entry
  return {
    path: file,
    place,
    name: listedName ?? header?.name ?? stem(file),
    fileBytes,
    shards,
    modifiedAt: new Date(modifiedMs).toISOString(),
    state: known.state,
    header,
    problem: known.state === 'broken' ? known.problem : null,
    match: header === null ? null : matchModel(header, models, listedName ?? stem(file)),
  }
}

/** The file's name without what its program put behind it: "Qwen3-8B-Q4_K_M"; a nameless one's by its repository. */
function stem(file: string): string {
  const own = shardName(file)?.prefix ?? path.basename(file).replace(/\.gguf$/i, '')
  const [, repository] = /[\\/]models--[^\\/]+?--([^\\/]+)[\\/]snapshots[\\/]/.exec(file) ?? []
  return repository !== undefined && /^(?:ggml-)?model\b/i.test(own) ? `${repository} ${own}` : own
}
