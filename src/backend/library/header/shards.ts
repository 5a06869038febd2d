import path from 'node:path'

/** llama.cpp's own names of the parts of one model (`llama_split_path`): `name-00002-of-00005.gguf`. */
const SHARD = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i
/** The largest published models have some 50; a name may claim 99,999. */
const MAX_SHARDS = 1000

/** Which part of which set a file is by its name. */
export interface ShardName {
  readonly prefix: string
  /** From 1. */
  readonly number: number
  readonly count: number
}

/** Null: by its name it is a whole file. */
export function shardName(file: string): ShardName | null {
  const found = SHARD.exec(path.basename(file))
  if (found === null) return null
  const [, prefix = '', number, count] = found
  const shard = { prefix, number: Number(number), count: Number(count) }
  const isPossible = shard.number >= 1 && shard.number <= shard.count && shard.count <= MAX_SHARDS
  return isPossible ? shard : null
}

/** Paths of all parts of the set that a file belongs to, in order; of a whole file only its own. */
export function shardPaths(file: string): readonly string[] {
  const shard = shardName(file)
  if (shard === null) return [file]
  const extension = path.extname(file)
  const five = (value: number) => String(value).padStart(5, '0')
  return Array.from({ length: shard.count }, (_, index) =>
    path.join(path.dirname(file), `${shard.prefix}-${five(index + 1)}-of-${five(shard.count)}${extension}`),
  )
}
