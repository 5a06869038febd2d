import { parsed, rejected } from './parsed-input.ts'
import type { ParsedInput } from './parsed-input.ts'

/** Layers on the GPU: a number, `all`, or `auto` (as many as fit). */
export function parseGpuLayers(text: string): ParsedInput<number | 'auto' | 'all'> {
  const word = text.trim().toLowerCase()
  if (word === 'auto' || word === 'all') return parsed(word)
  if (/^\d{1,4}$/.test(word)) return parsed(Number(word))
  return rejected(`layers on the GPU are a whole number from 0, "all" or "auto", not "${text}"`)
}
