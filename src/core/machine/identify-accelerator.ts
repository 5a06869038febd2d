import { acceleratorIndex } from '#core/machine/accelerator-index.ts'
import {
  isTruncatedName,
  marketingName,
  memoryInName,
  partTokens,
  truncatedStart,
} from '#core/machine/accelerator-name.ts'
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import type { Vendor } from '#core/machine/machine.ts'
import { gibibytesToBytes } from '#core/units/units.ts'

/** What a machine says about one device; anything may be missing. */
export interface SeenAccelerator {
  readonly name: string | null
  readonly vendor: Vendor
  /** `10de:2684` in lower case. */
  readonly pciId: string | null
  /** `c8` in lower case. */
  readonly revision: string | null
  readonly memoryBytes: number | null
  readonly gpuCores: number | null
  readonly gfxTarget?: string | null
}

/**
 * True where the record is sold with that much: drivers report down to 7 % less (ECC, firmware: a 16 GB T4 shows
 * 15360 MiB) and never much more.
 */
export function holdsCapacity(spec: AcceleratorSpec, bytes: number): boolean {
  if (spec.driverReportedBytes === bytes) return true
  return spec.memoryOptionsBytes.some((sold) => bytes >= sold * 0.92 && bytes <= sold * 1.02)
}

function byPciId(seen: SeenAccelerator, specs: readonly AcceleratorSpec[]): readonly AcceleratorSpec[] {
  const { pciId, revision } = seen
  if (pciId === null) return []
  const withRevision = specs.filter((spec) => spec.pciIds.includes(`${pciId} rev ${revision ?? '?'}`))
  if (withRevision.length > 0) return withRevision
  if (revision !== null) {
    const plain = specs.filter((spec) => spec.pciIds.includes(pciId))
    if (plain.length > 0) return plain
  }
  return specs.filter((spec) => spec.pciIds.some((id) => id === pciId || id.startsWith(`${pciId} rev`)))
}

function byTruncatedName(name: string, specs: readonly AcceleratorSpec[]): readonly AcceleratorSpec[] {
  const start = truncatedStart(name)
  return specs.filter((spec) =>
    [spec.name, ...spec.aliases].some((own) => truncatedStart(own).startsWith(start)),
  )
}

/** The name without the memory size and vendor words must be the same set of tokens: "5070 Laptop" is never a "5070". */
function byName(seen: SeenAccelerator, specs: readonly AcceleratorSpec[]): readonly AcceleratorSpec[] {
  if (seen.name === null) return []
  if (isTruncatedName(seen.name)) return byTruncatedName(seen.name, specs)
  const { byTokens } = acceleratorIndex(specs)
  const keys = [seen.name, marketingName(seen.name)].map((name) => partTokens(name).join(' '))
  const found = new Set(keys.flatMap((key) => byTokens.get(key) ?? []))
  return [...found].filter((spec) => seen.vendor === 'other' || spec.vendor === seen.vendor)
}

function bySizeOnly(seen: SeenAccelerator, specs: readonly AcceleratorSpec[]): readonly AcceleratorSpec[] {
  const bytes = seen.memoryBytes
  if (bytes === null || seen.vendor === 'other') return []
  return specs.filter(
    (spec) =>
      spec.vendor === seen.vendor &&
      (spec.driverReportedBytes === bytes || (!spec.unified && spec.memoryBytes === bytes)),
  )
}

/** Keeps the candidates that satisfy `test`, or all when none does: a wrong hint must not lose the device. */
function narrow(
  candidates: readonly AcceleratorSpec[],
  test: (spec: AcceleratorSpec) => boolean,
): readonly AcceleratorSpec[] {
  if (candidates.length < 2) return candidates
  const kept = candidates.filter(test)
  return kept.length > 0 ? kept : candidates
}

function hasName(spec: AcceleratorSpec, name: string): boolean {
  const wanted = name.trim().toLowerCase()
  return [spec.name, ...spec.aliases].some((own) => own.toLowerCase() === wanted)
}

/**
 * Every record the device can be, by PCI id and revision first, then by name, gfx target and, last, memory size
 * alone; memory size, GPU cores and gfx target then tell variants apart. One candidate: identified.
 */
export function acceleratorCandidates(
  seen: SeenAccelerator,
  specs: readonly AcceleratorSpec[],
): readonly AcceleratorSpec[] {
  const named = byName(seen, specs)
  let candidates = byPciId(seen, specs)
  if (candidates.length > 1) candidates = narrow(candidates, (spec) => named.includes(spec))
  if (candidates.length === 0) candidates = named
  const { gfxTarget = null, memoryBytes, gpuCores, name } = seen
  if (candidates.length === 0 && gfxTarget !== null)
    candidates = specs.filter((spec) => spec.gfxTarget === gfxTarget)
  const silent = name === null && seen.pciId === null && gfxTarget === null
  if (candidates.length === 0 && silent) candidates = bySizeOnly(seen, specs)
  if (gfxTarget !== null) candidates = narrow(candidates, (spec) => spec.gfxTarget === gfxTarget)
  const stated = name === null ? null : memoryInName(name)
  const sizeBytes = memoryBytes ?? (stated === null ? null : gibibytesToBytes(stated))
  if (sizeBytes !== null) candidates = narrow(candidates, (spec) => holdsCapacity(spec, sizeBytes))
  if (gpuCores !== null) candidates = narrow(candidates, (spec) => spec.gpuCores === gpuCores)
  if (name !== null) candidates = narrow(candidates, (spec) => hasName(spec, name))
  return candidates
}

/** The record a device is, or null when nothing or more than one record fits; never a guess. */
export function identifyAccelerator(
  seen: SeenAccelerator,
  specs: readonly AcceleratorSpec[],
): AcceleratorSpec | null {
  const candidates = acceleratorCandidates(seen, specs)
  return candidates.length === 1 ? (candidates[0] ?? null) : null
}
