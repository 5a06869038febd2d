import { gibibytesToBytes } from '#core/units/units.ts'

/** A size, or why the text is none. */
export type ParsedBytes =
  | { readonly kind: 'ok'; readonly bytes: number }
  | { readonly kind: 'error'; readonly message: string }

const BYTES_BY_UNIT: Readonly<Record<string, number>> = {
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
}

/** More than any machine holds: a typing error, not a size. */
const MOST_BYTES = 1024 ** 5

/**
 * Reads a memory size as a person types it: `64GB`, `64 GiB`, `64g`, `1.5tb`, `24576 MiB`; a bare number is GiB.
 * RAM and VRAM are sold in binary units whatever the label says, so `64GB` is 64 GiB.
 */
export function parseBytes(text: string): ParsedBytes {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*(?:([kmgt])(?:i?b)?)?\s*$/i.exec(text)
  if (match === null)
    return { kind: 'error', message: `"${text}" is not a memory size; write it like 64GB, 24 GiB or 512MB` }
  const amount = Number((match[1] ?? '').replace(',', '.'))
  const unit = match[2]?.toLowerCase()
  const bytes = unit === undefined ? gibibytesToBytes(amount) : amount * (BYTES_BY_UNIT[unit] ?? 1)
  if (bytes <= 0) return { kind: 'error', message: `"${text}" is no memory at all; write a size above zero` }
  if (bytes > MOST_BYTES)
    return { kind: 'error', message: `"${text}" is more than a pebibyte; write a size like 64GB` }
  return { kind: 'ok', bytes: Math.round(bytes) }
}
