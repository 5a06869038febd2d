import { nameTokens } from '#core/lookup/lookup.ts'

/** Words that say nothing about which part it is. */
const NOISE = new Set(
  'nvidia geforce amd ati radeon intel apple qualcomm corporation inc graphics graphic gpu r tm generation edition core cores c card series device adapter the'.split(
    ' ',
  ),
)

/** Ways drivers and pci.ids write "laptop part". */
const LAPTOP = /\b(?:max-?q\s*\/\s*mobile|mobile\s*\/\s*max-?q|laptop\s*gpu|laptop|mobile|notebook)\b/gi

/** Memory size written into a name: `RTX 3060 12GB`, `Arc 140V GPU (16GB)`. */
const MEMORY_IN_NAME = /\(?\b(\d{1,4})\s*g(?:i?b)?\b\)?/i

/** Capacity in GiB that a name or a query states, null when it states none: `memoryInName('RTX 4090 24GB') === 24`. */
export function memoryInName(name: string): number | null {
  const match = MEMORY_IN_NAME.exec(name)
  return match === null ? null : Number(match[1])
}

/** The marketing name inside a driver's or lspci's name: `GA106 [GeForce RTX 3060]` gives `GeForce RTX 3060`. */
export function marketingName(name: string): string {
  const bracket = /\[([^[\]]+)\]\s*(?:\(rev [0-9a-f]+\))?\s*$/i.exec(name)
  const inner = bracket?.[1]
  if (inner === undefined || /^[0-9a-f]{4}:[0-9a-f]{4}$/i.test(inner)) return name.trim()
  return inner.trim()
}

/**
 * The tokens that tell one part from another, sorted: vendor words, trademark signs, renderer suffixes and memory
 * size are dropped, all spellings of "laptop" are one. `NVIDIA GeForce RTX 4060 Laptop GPU` is `4060 laptop rtx`.
 */
export function partTokens(name: string): readonly string[] {
  const plain = name
    .replace(/\((?:r|tm|c)\)|[®™�]/gi, ' ')
    .replace(/\((?:RADV|ACO|LLVM|DG2|MTL|LNL|TGL|ADL|RPL|ARL|PTL|BMG)[^)]*\)/gi, ' ')
    .replace(LAPTOP, ' laptop ')
    .replace(MEMORY_IN_NAME, ' ')
  const tokens = nameTokens(plain)
  const telling = tokens.filter((token) => !NOISE.has(token))
  return [...telling].sort()
}

/** True for a name that a table cut short: `NVIDIA GeForce RTX 4070 ...` may go on with "Ti" or "Laptop GPU". */
export function isTruncatedName(name: string): boolean {
  return /(?:\.\.\.|…)\s*$/.test(name)
}

/** What is left of a name cut short, in lower case and without the vendor: `geforce rtx 4070`. */
export function truncatedStart(name: string): string {
  return name
    .toLowerCase()
    .replace(/\s*(?:\.\.\.|…)\s*$/, '')
    .replace(/^(?:nvidia|amd|intel)\s+/, '')
}

/** True for a name that says only "a GPU of this vendor": `AMD Radeon(TM) Graphics`, `Device 744c`, `N/A`. */
export function isGenericName(name: string): boolean {
  return (
    /^\s*(?:\[?n\/a\]?|unknown|device [0-9a-f]{4}|0x[0-9a-f]{4})\s*$/i.test(name) ||
    /^\S*\s*device \[?[0-9a-f]{4}(?::[0-9a-f]{4})?\]?$/i.test(name.replace(/^.*corporation /i, '')) ||
    partTokens(name).length === 0
  )
}
