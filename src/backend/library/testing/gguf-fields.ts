import { oncePer } from '#core/lookup/once-per.ts'

/** A number in the header of a GGUF file that says how to read what follows. */
export interface GgufField {
  readonly kind: 'version' | 'count' | 'length' | 'type' | 'dimensions' | 'size' | 'offset'
  readonly at: number
  readonly bytes: 4 | 8
}

const STRING = 8
const ARRAY = 9
const NUMBER_BYTES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
}
/** Of a vocabulary some words stand for all. */
const WORDS_LISTED = 8

/** Where each such number stands in a well-formed file, in order; found once per file. */
export const fieldsOf = oncePer(findFields)

function findFields(bytes: Uint8Array): readonly GgufField[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fields: GgufField[] = []
  let at = 4
  const next = (kind: GgufField['kind'], size: 4 | 8, isListed = true): number => {
    if (isListed) fields.push({ kind, at, bytes: size })
    const value = size === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true))
    at += size
    return value
  }
  const skipText = (isListed = true) => {
    const length = next('length', 8, isListed)
    at += length
  }
  next('version', 4)
  const tensors = next('count', 8)
  const keys = next('count', 8)
  for (let key = 0; key < keys; key += 1) {
    skipText()
    const type = next('type', 4)
    if (type === STRING) skipText()
    else if (type !== ARRAY) at += NUMBER_BYTES[type] ?? 0
    else {
      const elementType = next('type', 4)
      const count = next('count', 8)
      if (elementType !== STRING) at += count * (NUMBER_BYTES[elementType] ?? 0)
      else for (let word = 0; word < count; word += 1) skipText(word < WORDS_LISTED)
    }
  }
  for (let tensor = 0; tensor < tensors; tensor += 1) {
    skipText()
    const dimensions = next('dimensions', 4)
    for (let dimension = 0; dimension < dimensions; dimension += 1) next('size', 8)
    next('type', 4)
    next('offset', 8)
  }
  return fields
}
