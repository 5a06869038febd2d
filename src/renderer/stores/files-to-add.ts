/** A file that was dropped or chosen. */
export interface FileToAdd {
  readonly name: string
  readonly bytes: number
  /** Where it lies; null in a browser, which does not tell. */
  readonly path: string | null
  readonly file: File
}

export interface SortedFiles {
  readonly files: readonly FileToAdd[]
  /** Names of what is no model file. */
  readonly rejected: readonly string[]
}

/** What a model file is called; `accept` of a file chooser. */
export const MODEL_FILE_ENDINGS = '.gguf,.safetensors'

const MODEL_FILE = /\.(gguf|safetensors)$/i
/** `name-00002-of-00003.gguf` */
const SHARD = /^(?<stem>.*)-(?<number>\d{5})-of-(?<count>\d{5})\.gguf$/i

/**
 * Tells model files from others. Where paths are known a sharded model is named by its first part alone, since the rest is
 * found beside it; a browser has to send every part.
 */
export function filesToAdd(dropped: readonly File[], pathOf: (file: File) => string | null): SortedFiles {
  const files: FileToAdd[] = []
  const rejected: string[] = []
  for (const file of dropped) {
    if (!MODEL_FILE.test(file.name)) rejected.push(file.name)
    else files.push({ name: file.name, bytes: file.size, path: pathOf(file), file })
  }
  return { files: withoutLaterShards(files), rejected }
}

function withoutLaterShards(files: readonly FileToAdd[]): readonly FileToAdd[] {
  const firsts = new Map<string, number>()
  for (const { path, bytes } of files) {
    const shard = shardOf(path)
    if (shard !== null) firsts.set(shard.set, (firsts.get(shard.set) ?? 0) + bytes)
  }
  return files.flatMap((file) => {
    const shard = shardOf(file.path)
    if (shard === null) return [file]
    const hasFirst = files.some(({ path }) => {
      const other = shardOf(path)
      return other?.set === shard.set && other.number === 1
    })
    if (!hasFirst) return [file]
    return shard.number === 1 ? [{ ...file, bytes: firsts.get(shard.set) ?? file.bytes }] : []
  })
}

function shardOf(path: string | null): { readonly set: string; readonly number: number } | null {
  const groups = path === null ? undefined : SHARD.exec(path)?.groups
  if (groups === undefined) return null
  return { set: `${groups['stem']}-of-${groups['count']}`, number: Number(groups['number']) }
}
