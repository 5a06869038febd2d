import { gibibytesToBytes, gigabytesToBytes, mebibytesToBytes } from '#core/units/units.ts'
import { parsed, rejected } from './parsed-input.ts'
import type { ParsedInput } from './parsed-input.ts'

const BYTES_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ['', gigabytesToBytes(1)],
  ['g', gigabytesToBytes(1)],
  ['gb', gigabytesToBytes(1)],
  ['gib', gibibytesToBytes(1)],
  ['mb', 1e6],
  ['mib', mebibytesToBytes(1)],
  ['tb', 1e12],
  ['tib', gibibytesToBytes(1024)],
])

/** A file size as disks and downloads count it: `20GB` is 20 × 10^9 bytes, `20GiB` is 20 × 2^30; a bare number is GB. */
export function parseFileSize(text: string): ParsedInput<number> {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text)
  const bytesPerUnit = BYTES_PER_UNIT.get(match?.[2]?.toLowerCase() ?? 'no match')
  if (match === null || bytesPerUnit === undefined) {
    return rejected(`"${text}" is not a file size; write it like 20GB, 500MB or 18.5GiB`)
  }
  const bytes = Math.round(Number(match[1]) * bytesPerUnit)
  if (bytes <= 0) return rejected(`a file size must be more than 0, not "${text}"`)
  return parsed(bytes)
}
