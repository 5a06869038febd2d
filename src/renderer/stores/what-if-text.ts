import type { WhatIf } from '#core/machine/what-if.ts'
import { parseBytes } from '#core/units/parse-bytes.ts'
import { bytesToGibibytes } from '#core/units/units.ts'

const NO_CHANGE: WhatIf = { gpus: [], vramBytes: null, ramBytes: null, cpuCores: null, backend: null }

/** A size with its unit: a bare number is no memory, it may be half of a product name. */
const MEMORY = /^(\d+(?:[.,]\d+)?\s*[kmgt](?:i?b)?)\s*(ram|vram)?$/i
/** Memory on top of what is there: "8 GiB more". */
const ADDED = /^(\d+(?:[.,]\d+)?\s*[kmgt](?:i?b)?)\s*more$/i
/** Commas part; those inside brackets belong to a name: "Arc 140V (Lunar Lake, 8 Xe2)". */
const BETWEEN_PARTS = /[,;+](?![^(]*\))/
const NO_GPU = /^(?:no gpus?|none|cpu only)$/i
const CORES = /^(\d+)\s*(?:cpu\s*)?cores?$/i

/**
 * Reads "2x RTX 3090, 128 GB" as people type it: parts between commas are RAM ("128 GB"), VRAM ("24 GB VRAM"), memory on
 * top of what is there ("8 GiB more"), processor cores ("16 cores") or accelerators; which of them exist is for the core to say.
 */
export function readWhatIfText(text: string): WhatIf | null {
  const parts = text
    .split(BETWEEN_PARTS)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (parts.length === 0) return null
  return parts.reduce(addPart, NO_CHANGE)
}

function addPart(whatIf: WhatIf, part: string): WhatIf {
  const added = sizeOf(ADDED.exec(part))
  if (added !== null) return { ...whatIf, addedBytes: (whatIf.addedBytes ?? 0) + added }
  const memory = MEMORY.exec(part)
  const bytes = sizeOf(memory)
  if (memory !== null && bytes !== null) {
    return memory[2]?.toLowerCase() === 'vram'
      ? { ...whatIf, vramBytes: bytes }
      : { ...whatIf, ramBytes: bytes }
  }
  const cores = CORES.exec(part)
  if (cores !== null) return { ...whatIf, cpuCores: Number(cores[1]) }
  const gpu = NO_GPU.test(part) ? 'none' : part.replace('×', 'x')
  return { ...whatIf, gpus: [...whatIf.gpus, gpu] }
}

function sizeOf(match: RegExpExecArray | null): number | null {
  const size = match === null ? null : parseBytes(match[1] ?? '')
  return size?.kind === 'ok' ? size.bytes : null
}

/** The text that reads back as this hardware: "2x RTX 3090, 128 GB". */
export function writeWhatIfText(whatIf: WhatIf): string {
  const parts = [...whatIf.gpus]
  if (whatIf.vramBytes !== null) parts.push(`${bytesToGibibytes(whatIf.vramBytes)} GB VRAM`)
  if (whatIf.ramBytes !== null) parts.push(`${bytesToGibibytes(whatIf.ramBytes)} GB`)
  if (whatIf.cpuCores !== null) parts.push(`${whatIf.cpuCores} cores`)
  if (whatIf.addedBytes !== undefined) parts.push(`${bytesToGibibytes(whatIf.addedBytes)} GiB more`)
  return parts.join(', ')
}
