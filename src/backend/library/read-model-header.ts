import path from 'node:path'
import { describeHeader } from '#backend/library/header/describe-header.ts'
import { HeaderFault } from '#backend/library/header/header-fault.ts'
import { readHeader, type RawHeader } from '#backend/library/header/read-header.ts'
import { shardPaths } from '#backend/library/header/shards.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { ModelHeader } from '#core/library/model-header.ts'

/** What a GGUF file says about itself, and what it consists of. */
export interface ReadModel {
  readonly header: ModelHeader
  /** All parts in order; of a whole file only itself. */
  readonly shards: readonly string[]
  /** Of all parts. */
  readonly fileBytes: number
}

/**
 * Reads what a GGUF file says about itself; of a sharded one, named by any of its parts, all parts. Only headers are read,
 * in pieces of fixed size, and whatever a file claims is checked against its length and against limits, so that no file
 * costs much time or memory: `FILE_INVALID` says what is wrong. Also `FILE_NOT_FOUND`.
 *
 * A reader of our own, because node-llama-cpp's reads every word of a vocabulary even of keys it is told to ignore
 * (0.1 s a file, so a thousand files took minutes) and believes counts (a header of 3 MB that claims a billion keys kept
 * it busy for more than ten seconds and took 700 MB). A test holds the two to the same values.
 */
export async function readModelHeader(file: string): Promise<ReadModel> {
  const shards = shardPaths(path.resolve(file))
  const headers: RawHeader[] = []
  for (const shard of shards) headers.push(await readShard(shard, shards, headers))
  try {
    return {
      header: describeHeader(headers),
      shards,
      fileBytes: headers.reduce((sum, { fileBytes }) => sum + fileBytes, 0),
    }
  } catch (error) {
    throw translated(error, file)
  }
}

async function readShard(
  shard: string,
  shards: readonly string[],
  before: readonly RawHeader[],
): Promise<RawHeader> {
  try {
    const header = await readHeader(shard)
    if (shards.length > 1) assertPart(header, before.length, shards.length)
    return header
  } catch (error) {
    if (shards.length > 1 && isMissing(error)) throw missingShard(shard, before.length + 1, shards.length)
    throw translated(error, shard)
  }
}

/** Parts say which they are (`split.no` counts from 0); a renamed one would be loaded as another's. */
function assertPart({ metadata }: RawHeader, index: number, count: number): void {
  const statedCount = metadata.values.get('split.count')
  const statedIndex = metadata.values.get('split.no')
  const isRight =
    (statedCount === undefined || statedCount === count) &&
    (statedIndex === undefined || statedIndex === index)
  if (!isRight)
    throw new HeaderFault(`its name says part ${index + 1} of ${count}, but its header says something else`)
}

function missingShard(shard: string, number: number, count: number): InhouseError {
  return new InhouseError({
    code: 'FILE_INVALID',
    message: `The model is not complete: part ${number} of ${count}, ${path.basename(shard)}, is missing.`,
    nextStep: 'Download or copy the missing parts into the same folder.',
  })
}

function translated(error: unknown, file: string): unknown {
  const name = path.basename(file)
  if (error instanceof HeaderFault)
    return new InhouseError({
      code: 'FILE_INVALID',
      message: `${name} cannot be used: ${error.message}.`,
      nextStep: 'Choose another file, or download it again.',
      cause: error,
    })
  if (isMissing(error))
    return new InhouseError({
      code: 'FILE_NOT_FOUND',
      message: `There is no file ${file}.`,
      nextStep: 'Check the path, or run "inhouse library" to see the models that are here.',
      cause: error,
    })
  if (error instanceof Error && 'code' in error)
    return new InhouseError({
      code: 'FILE_INVALID',
      message: `${name} cannot be read (${String(error.code)}).`,
      nextStep: 'Make the file readable, or choose another one.',
      cause: error,
    })
  return error
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
