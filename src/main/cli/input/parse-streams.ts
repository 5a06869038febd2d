import { parsed, rejected } from './parsed-input.ts'
import type { ParsedInput } from './parsed-input.ts'

/** llama.cpp's own limit of sequences is higher; so many are what a dry run can fill in reasonable time. */
const MOST_STREAMS = 64
const MOST_SETS = 8

/** Numbers of streams to decode at once: "1,2,4,8". */
export function parseStreams(text: string): ParsedInput<readonly number[]> {
  const parts = text.split(',').map((part) => part.trim())
  const streams = parts.map((part) => (/^\d{1,4}$/.test(part) ? Number(part) : Number.NaN))
  if (!streams.every((count) => count >= 1 && count <= MOST_STREAMS)) {
    return rejected(
      `streams are whole numbers from 1 to ${MOST_STREAMS} with commas, as 1,2,4,8, not "${text}"`,
    )
  }
  if (streams.length > MOST_SETS)
    return rejected(`at most ${MOST_SETS} numbers of streams can be timed, not "${text}"`)
  return parsed([...new Set(streams)].toSorted((a, b) => a - b))
}
