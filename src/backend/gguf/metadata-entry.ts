/** A value of a GGUF header with its type; arrays hold one type. */
export type MetadataValue =
  | { readonly type: 'uint32'; readonly value: number }
  | { readonly type: 'float32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int32[]'; readonly value: ArrayLike<number> }
  | { readonly type: 'float32[]'; readonly value: ArrayLike<number> }
  | { readonly type: 'bool[]'; readonly value: readonly boolean[] }
  | { readonly type: 'string[]'; readonly value: readonly string[] }

/** One key of a GGUF header. */
export interface MetadataEntry {
  readonly key: string
  readonly value: MetadataValue
}

export function uint32(key: string, value: number): MetadataEntry {
  return { key, value: { type: 'uint32', value } }
}

export function float32(key: string, value: number): MetadataEntry {
  return { key, value: { type: 'float32', value } }
}

export function bool(key: string, value: boolean): MetadataEntry {
  return { key, value: { type: 'bool', value } }
}

export function text(key: string, value: string): MetadataEntry {
  return { key, value: { type: 'string', value } }
}

export function int32s(key: string, value: ArrayLike<number>): MetadataEntry {
  return { key, value: { type: 'int32[]', value } }
}

export function float32s(key: string, value: ArrayLike<number>): MetadataEntry {
  return { key, value: { type: 'float32[]', value } }
}

export function bools(key: string, value: readonly boolean[]): MetadataEntry {
  return { key, value: { type: 'bool[]', value } }
}

export function texts(key: string, value: readonly string[]): MetadataEntry {
  return { key, value: { type: 'string[]', value } }
}
