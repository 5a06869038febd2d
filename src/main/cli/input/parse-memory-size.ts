import { parseBytes } from '#core/units/parse-bytes.ts'
import { parsed, rejected } from './parsed-input.ts'
import type { ParsedInput } from './parsed-input.ts'

/** A memory size as people write it: `64GB` and `64` are 64 GiB, as RAM and VRAM are sold. */
export function parseMemorySize(text: string): ParsedInput<number> {
  const size = parseBytes(text)
  return size.kind === 'ok' ? parsed(size.bytes) : rejected(size.message)
}
