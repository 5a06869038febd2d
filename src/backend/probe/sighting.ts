import type {
  Backend,
  Cpu,
  Disk,
  MachineWarning,
  OperatingSystem,
  Platform,
  SystemMemory,
  Vendor,
} from '#core/machine/machine.ts'

/** One text a tool printed or a file held; `key` is the command line or the path it came from. */
export interface RawEntry {
  readonly key: string
  readonly text: string
  readonly exitCode: number | null
}

/** One device as one source saw it; null is "did not say". */
export interface Sighting {
  /** `nvidia-smi`, `amdgpu sysfs`, `lspci`, …: a key of `SOURCE_TRUST`. */
  readonly source: string
  /** The raw entry it came from: one entry never lists one device twice. */
  readonly origin: string
  readonly vendor: Vendor
  readonly name: string | null
  /** True when the name comes from a list of chips (pci.ids, code names), not from the driver of this card. */
  readonly nameFromInventory: boolean
  readonly pciAddress: string | null
  readonly pciId: string | null
  readonly revision: string | null
  /** Memory of its own: VRAM, carve-out or slice. */
  readonly memoryBytes: number | null
  /** System memory the driver lets it use beside its own (GTT). */
  readonly sharedBytes: number | null
  readonly usedBytes: number | null
  readonly freeBytes: number | null
  readonly usableBytes: number | null
  readonly driverVersion: string | null
  readonly kernelDriver: string | null
  readonly computeCapability: string | null
  readonly gfxTarget: string | null
  readonly migProfile: string | null
  /** Set on a MIG slice: one slice is one device. */
  readonly migInstance: string | null
  /** The card a slice is part of, where the same output names it. */
  readonly migParent: { readonly name: string; readonly pciAddress: string | null } | null
  readonly gpuCores: number | null
  readonly integrated: boolean | null
  readonly unified: boolean | null
  readonly backends: readonly Backend[] | null
  readonly unusableReason: string | null
}

const SILENT: Omit<Sighting, 'source' | 'origin' | 'vendor'> = {
  name: null,
  nameFromInventory: false,
  pciAddress: null,
  pciId: null,
  revision: null,
  memoryBytes: null,
  sharedBytes: null,
  usedBytes: null,
  freeBytes: null,
  usableBytes: null,
  driverVersion: null,
  kernelDriver: null,
  computeCapability: null,
  gfxTarget: null,
  migProfile: null,
  migInstance: null,
  migParent: null,
  gpuCores: null,
  integrated: null,
  unified: null,
  backends: null,
  unusableReason: null,
}

/** A sighting that says only what is given. */
export function sighting(said: Pick<Sighting, 'source' | 'origin' | 'vendor'> & Partial<Sighting>): Sighting {
  return { ...SILENT, ...said }
}

/** What a source says about the machine around the devices. */
export interface HostReading {
  readonly source: string
  readonly os?: Partial<OperatingSystem>
  readonly cpu?: Partial<Cpu>
  readonly memory?: Partial<SystemMemory>
  readonly disks?: readonly Disk[]
  /** What the bundled llama.cpp found usable. */
  readonly backends?: readonly Backend[]
}

export interface Parsed {
  readonly sightings?: readonly Sighting[]
  readonly readings?: readonly HostReading[]
  readonly warnings?: readonly MachineWarning[]
  /** NVIDIA's driver answered with an error: what it means and what to do. */
  readonly nvidiaError?: string
  /** Entries whose text was not what the tool prints. */
  readonly garbled?: readonly { readonly key: string; readonly detail: string }[]
}

/** A pure parser: picks the entries it knows by their key and reads them. */
export type Parser = (entries: readonly RawEntry[], platform: Platform) => Parsed

/** `00000000:01:00.0`, `0000:01:00.0` and `01:00.0` are one address. */
export function normalPciAddress(text: string): string | null {
  const match = /(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])/i.exec(text)
  if (match === null) return null
  const domain = (match[1] ?? '0000').slice(-4)
  return `${domain}:${match[2]}:${match[3]}.${match[4]}`.toLowerCase()
}

/** `0x744c`, `744C` → `744c`; null for anything that is not four hex digits. */
export function hexId(text: string): string | null {
  const match = /^(?:0x)?([0-9a-f]{4})$/i.exec(text.trim())
  return match?.[1]?.toLowerCase() ?? null
}

const VENDOR_BY_ID: Readonly<Record<string, Vendor>> = {
  '10de': 'NVIDIA',
  '1002': 'AMD',
  '1022': 'AMD',
  '8086': 'Intel',
  '106b': 'Apple',
  '5143': 'Qualcomm',
  '17cb': 'Qualcomm',
}

/** Vendor of a PCI vendor id; `other` for everyone else. */
export function vendorOfPciId(vendorId: string): Vendor {
  return VENDOR_BY_ID[vendorId.toLowerCase()] ?? 'other'
}

/** Vendor from words in a name or a vendor field. */
export function vendorOfName(text: string): Vendor {
  if (/nvidia|geforce|quadro|tesla|\(nvgpu\)/i.test(text)) return 'NVIDIA'
  if (/\bamd\b|\bati\b|radeon|advanced micro devices|ryzen|instinct/i.test(text)) return 'AMD'
  if (/intel/i.test(text)) return 'Intel'
  if (/apple/i.test(text)) return 'Apple'
  if (/qualcomm|adreno|snapdragon/i.test(text)) return 'Qualcomm'
  return 'other'
}

/** Text as JSON, or undefined when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch {
    return undefined
  }
}

/** One object or an array of them (PowerShell prints either), as an array of records. */
export function recordsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const list = Array.isArray(value) ? value : [value]
  return list.filter(
    (item): item is Record<string, unknown> =>
      typeof item === 'object' && item !== null && !Array.isArray(item),
  )
}

/** A field as trimmed text, null when absent or empty. */
export function textField(record: Readonly<Record<string, unknown>>, field: string): string | null {
  const value = record[field]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** A field as a number above zero, null otherwise: 0 bytes is "unknown" in every tool we read. */
export function numberField(record: Readonly<Record<string, unknown>>, field: string): number | null {
  const value = record[field]
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null
}

/** Decimal or `0x` hexadecimal text as a number above zero. */
export function numberOf(text: string | undefined): number | null {
  const trimmed = (text ?? '').trim()
  if (!/^(?:0x[0-9a-f]+|\d+(?:\.\d+)?)$/i.test(trimmed)) return null
  const number = Number(trimmed)
  return Number.isFinite(number) && number > 0 ? number : null
}
